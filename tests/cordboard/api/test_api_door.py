"""Who may ask, and what is told to those who may not: problems, and nothing changed."""

import pytest

from cordboard.api.app import BODY_BYTES_MAX, OPERATIONS
from cordboard.api.problems import MEDIA_TYPE
from cordboard.api.tokens import Scope
from tests.cordboard.api.api_world import NOW_S, open_door

WHY = {"why": "list is clean now"}


def is_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == MEDIA_TYPE
    problem = answer.get_json()
    assert problem["status"] == status
    assert problem["detail"]
    return problem["detail"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_operation_refuses_a_stranger(door, operation):
    path = operation.path.replace("{campaign}", "renewals").replace("{", "").replace("}", "")
    answer = door.ask(operation.method, path, token="", json={})
    assert "cordboard account token create" in is_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_operation_refuses_a_token_for_something_else(door, operation):
    others = [scope for scope in Scope if scope != operation.scope]
    token = door.tokens.make("other", others, NOW_S)
    path = operation.path.replace("{campaign}", "renewals").replace("{", "").replace("}", "")
    answer = door.ask(operation.method, path, token=token, json={})
    assert operation.scope in is_problem(answer, 403)
    assert door.journal.facts == []


@pytest.mark.parametrize(
    "shown", ["cb_crm.", "cb_crm." + "A" * 43, "cb_who." + "A" * 43, "x" * 999]
)
def test_wrong_token_is_refused(door, shown):
    is_problem(door.get("/queues", token=shown), 401)


def test_token_in_the_address_or_a_cookie_opens_nothing(door):
    client = door.app.test_client()
    client.set_cookie("token", door.shown)
    is_problem(client.get(f"/api/v1/queues?token={door.shown}"), 401)


def test_rotated_token_is_good_until_its_time_and_then_not(door):
    fresh = door.tokens.rotate("crm", NOW_S, keep_s=60)
    assert door.get("/queues").status_code == 200
    assert door.get("/queues", token=fresh).status_code == 200
    assert door.tokens.of(door.shown, NOW_S + 59) is not None
    assert door.tokens.of(door.shown, NOW_S + 60) is None
    assert door.tokens.of(fresh, NOW_S + 60) is not None


def test_revoked_token_opens_nothing(door):
    door.tokens.revoke("crm")
    is_problem(door.get("/queues"), 401)


def test_too_many_requests_of_one_token_are_refused_with_a_time_to_come_back(tmp_path, day_url):
    with open_door(tmp_path / "slow", day_url, rate="2 per minute") as door:
        assert [door.get("/queues").status_code for _ in range(2)] == [200, 200]
        answer = door.get("/queues")
        is_problem(answer, 429)
        assert int(answer.headers["Retry-After"]) > 0


def test_stranger_who_shows_a_tokens_name_does_not_use_up_its_rate(tmp_path, day_url):
    with open_door(tmp_path / "slow", day_url, rate="2 per minute") as door:
        stranger = {"REMOTE_ADDR": "192.0.2.9"}
        for _ in range(3):
            door.ask("GET", "/queues", token="cb_crm." + "A" * 43, environ_base=stranger)
        assert door.get("/queues").status_code == 200


def test_tokens_that_cannot_be_read_are_a_reason_to_come_again(door, monkeypatch):
    def unreadable(*_asked):
        raise OSError("no such disk")

    monkeypatch.setattr(type(door.tokens), "of", unreadable)
    is_problem(door.get("/queues"), 503)


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ({"data": "why=x", "content_type": "application/x-www-form-urlencoded"}, 415, "json"),
        ({"data": b"\xff", "content_type": "application/json"}, 400, "body"),
        ({"data": "{", "content_type": "application/json"}, 400, "truncated"),
        ({"json": {}}, 400, "why"),
        ({"json": {"why": 3}}, 400, "str"),
        ({"json": {"why": ""}}, 400, "length"),
        ({"json": {"why": "x" * 201}}, 400, "length"),
        ({"json": WHY | {"force": True}}, 400, "force"),
        ({"json": {"why": "x" * BODY_BYTES_MAX}}, 413, "bytes"),
    ],
)
def test_body_that_is_not_what_is_asked_for_is_refused(door, options, status, words):
    answer = door.ask("POST", "/campaigns/renewals/start", **options)
    assert words in is_problem(answer, status)
    assert door.journal.facts == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/contacts?limit=0", "limit"),
        ("/contacts?limit=many", "limit"),
        ("/contacts?limit=1&limit=2", "twice"),
        ("/contacts?colour=red", "colour"),
        ("/contacts?behind=yesterday", "behind"),
        ("/contacts?from=yesterday", "2026-11-23T10:00"),
        ("/contacts?from=0001-01-01T00:00", "2026-11-23T10:00"),
        ("/reports/measures?from=2026-11-24&until=2026-11-23", "empty"),
        ("/reports/measures?from=2016-11-24&until=2017-11-24&interval_minutes=1", "intervals"),
        ("/reports/measures?queue=none-such", "no such queue"),
    ],
)
def test_query_that_cannot_be_understood_is_refused(door, path, words):
    assert words in is_problem(door.get(path), 400)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/nothing"), ("POST", "/campaigns/none-such/start")],
)
def test_what_is_not_there_is_told(door, method, path):
    is_problem(door.ask(method, path, json=WHY if method == "POST" else None), 404)


def test_what_cannot_be_done_is_told_with_what_can(door):
    answer = door.ask("DELETE", "/queues")
    is_problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_store_in_trouble_is_told_as_a_time_to_come_back(door):
    door.journal.is_down = True
    door.boards[0] = None
    for answer in (door.post("/campaigns/renewals/start", WHY), door.get("/queues")):
        is_problem(answer, 503)
        assert answer.headers["Retry-After"]


def test_missing_history_is_told_as_a_time_to_come_back(tmp_path):
    with open_door(tmp_path / "new", f"sqlite:///{tmp_path}/none.db") as door:
        is_problem(door.get("/contacts"), 503)
        assert door.get("/health").get_json()["history_behind_ms"] is None


def test_fault_of_ours_is_told_without_what_it_was(door, monkeypatch):
    door.boards[0] = "not a board +15550100123"
    detail = is_problem(door.get("/queues"), 500)
    assert "5550100" not in detail

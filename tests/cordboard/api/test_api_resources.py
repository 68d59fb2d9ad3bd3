"""What each resource answers and does; every answer is as the description says."""

import json
from datetime import UTC, datetime

import pytest

from cordboard.api.app import BASE, OPERATIONS
from cordboard.api.document import document_of
from dialer.events import CampaignPaused, CampaignStarted
from tests.cordboard.api.api_world import RECORDING

jsonschema = pytest.importorskip("jsonschema")

WHY = {"why": "list is clean now"}
DRAMA = "+44207946{:04}"


def lead(number, **columns):
    return {"lead": f"L{number}", "number": DRAMA.format(number)} | columns


def operation_at(method, path):
    """Return the description's operation for an address."""
    parts = path.partition("?")[0].strip("/").split("/")
    for each in OPERATIONS:
        names = each.path.strip("/").split("/")
        fits = len(names) == len(parts) and each.method == method
        if fits and all(n.startswith("{") or n == p for n, p in zip(names, parts, strict=True)):
            return each
    raise AssertionError(path)


@pytest.fixture
def ask(door):
    """Ask, and hold the answer against the description."""
    document = document_of(OPERATIONS, BASE)

    def asked(method, path, body=None):
        answer = door.ask(method, path, json=body)
        each = operation_at(method, path)
        shape = document["paths"][each.path][method.lower()]
        told = shape["responses"][str(answer.status_code)]["content"][answer.mimetype]["schema"]
        schema = told | {"components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.get_json())
        return answer.get_json()

    return asked


def test_description_is_openapi_and_open_to_everybody(door):
    spec = pytest.importorskip("openapi_spec_validator")
    answer = door.app.test_client().get(f"{BASE}/openapi.json")
    assert answer.status_code == 200
    spec.validate(json.loads(answer.text))


def test_leads_are_taken_and_wrong_ones_named(ask):
    added = ask(
        "POST",
        "/campaigns/renewals/leads",
        {"leads": [lead(201), lead(202, priority="high"), lead(201), lead(203, name="O'Neil")]},
    )
    assert added["taken"] == 2
    assert [one["lead"] for one in added["left_out"]] == ["L202", "L201"]
    assert "whole number" in added["left_out"][0]["problem"]
    progress = ask("GET", "/campaigns/renewals/leads")
    assert progress == {"leads": 2, "untried": 2, "later": 0, "done": 0, "attempts": 0}


def test_lead_added_again_is_not_fresh_again(ask):
    for _ in range(2):
        ask("POST", "/campaigns/renewals/leads", {"leads": [lead(201)]})
    assert ask("GET", "/campaigns/renewals/leads")["leads"] == 1


def test_lead_tells_how_far_it_is_and_not_who_it_is(ask):
    ask("POST", "/campaigns/renewals/leads", {"leads": [lead(201, name="Ann Other")]})
    ask("POST", "/do-not-call", {"numbers": [DRAMA.format(201)]})
    found = ask("GET", "/campaigns/renewals/leads/L201")
    assert found["is_forbidden"]
    assert found["attempts"] == 0
    assert "Ann" not in str(found)
    assert "7946" not in str(found)
    assert ask("GET", "/campaigns/renewals/leads/L9")["status"] == 404


def test_only_the_desk_s_card_tells_who_a_lead_is(ask, door):
    ask("POST", "/campaigns/renewals/leads", {"leads": [lead(201, name="Ann Other")]})
    assert door.lists.card("renewals", "L201").name == "Ann Other"
    assert door.lists.card("renewals", "L9") is None


def test_numbers_are_forbidden_once_all_or_none(ask):
    numbers = [DRAMA.format(n) for n in (201, 202)]
    assert ask("POST", "/do-not-call", {"numbers": numbers}) == {"added": 2, "known": 0}
    again = ask("POST", "/do-not-call", {"numbers": [*numbers, DRAMA.format(203)]})
    assert again == {"added": 1, "known": 2}
    wrong = ask("POST", "/do-not-call", {"numbers": [DRAMA.format(204), "12"]})
    assert "numbers[1]" in wrong["detail"]
    for number, is_on_list in ((203, True), (204, False)):
        told = ask("POST", "/do-not-call/lookup", {"number": DRAMA.format(number)})
        assert told == {"is_on_list": is_on_list}


@pytest.mark.parametrize(
    ("order", "event"), [("start", CampaignStarted), ("pause", CampaignPaused)]
)
def test_order_to_a_campaign_is_one_fact_that_names_the_token(ask, door, order, event):
    assert ask("POST", f"/campaigns/renewals/{order}", WHY)["ordered"] == order
    (fact,) = door.journal.facts
    assert fact.event == event(0, "renewals", "token crm", WHY["why"])


def test_floor_is_the_published_one(ask):
    assert ask("GET", "/queues")["queues"][0]["waiting"] == 2
    assert ask("GET", "/queues/cards")["service_level"] == 0.75
    assert ask("GET", "/agents")["agents"][0]["agent_id"] == "ana"
    assert ask("GET", "/campaigns")["campaigns"][0]["outcomes"] == {"human": 3}
    assert "cards" in ask("GET", "/queues/none")["detail"]


def test_pages_of_contacts_make_the_whole_without_gap_or_repeat(ask):
    whole = ask("GET", "/contacts?limit=500")
    assert whole["next"] == ""
    ids, behind = [], ""
    while True:
        page = ask("GET", f"/contacts?limit=7&behind={behind}")
        ids += [one["call_id"] for one in page["contacts"]]
        behind = page["next"]
        if not behind:
            break
    assert len(ids) > 20
    assert ids == [one["call_id"] for one in whole["contacts"]]
    assert ask("GET", f"/contacts/{ids[3]}")["call_id"] == ids[3]
    assert ask("GET", "/contacts/nobody")["status"] == 404


def test_contacts_of_a_period_are_those_that_began_in_it(ask):
    whole = ask("GET", "/contacts?limit=500")["contacts"]
    middle = whole[len(whole) // 2]["opened_at_ms"]
    text = datetime.fromtimestamp(middle / 1000, UTC).isoformat().replace("+00:00", "Z")
    later = ask("GET", f"/contacts?limit=500&from={text}")["contacts"]
    assert later == [one for one in whole if one["opened_at_ms"] >= middle]


def test_report_is_the_one_of_the_command(ask):
    report = ask("GET", "/reports/measures?interval_minutes=60")
    (whole,) = [row for row in report["queues"] if not row["begins_at"] and not row["queue"]]
    parts = [row["offered"] for row in report["queues"] if row["begins_at"]]
    assert whole["offered"] == sum(parts) > 0


def test_recordings_are_listed_by_time_and_contact(ask):
    assert ask("GET", "/recordings")["recordings"][0]["sid"] == RECORDING.sid
    assert ask("GET", "/recordings?contact=other")["recordings"] == []
    assert ask("GET", f"/recordings/{RECORDING.sid}")["duration_ms"] == 7_000
    assert ask("GET", "/recordings/RE0")["status"] == 404


def test_health_tells_whether_somebody_leads(ask, door):
    assert ask("GET", "/health")["is_led"]
    door.boards[0] = None
    assert not ask("GET", "/health")["is_published"]

"""Signing in: deny by default, and unsafe requests only from our own pages."""

import pytest

from cordboard.console.accounts import Accounts, AccountsError, Role
from tests.cordboard.console.console_doubles import accounts_of, console_of

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def accounts():
    people = accounts_of("correct horse", Role.SUPERVISOR, "sue")
    people.add("ana", Role.AGENT, "battery staple")
    return people


@pytest.fixture
def client(accounts):
    return console_of(accounts).test_client()


def sign_in(client, name="sue", password="correct horse", **headers):
    return client.post(
        "/sign-in", data={"name": name, "password": password}, headers=headers or OURS
    )


def test_pages_send_a_stranger_to_the_sign_in_form(client):
    answer = client.get("/supervisor/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in"


def test_page_updates_refuse_a_stranger(client):
    answer = client.post("/supervisor/_dash-update-component", json={}, headers=OURS)
    assert answer.status_code == 401


def test_supervisor_reaches_the_wallboard(client):
    assert sign_in(client).status_code == 302
    assert client.get("/").headers["Location"] == "/supervisor/"
    assert client.get("/supervisor/").status_code == 200


def test_agent_is_refused_the_supervisors_page(client):
    sign_in(client, "ana", "battery staple")
    assert client.get("/supervisor/").status_code == 403


@pytest.mark.parametrize("name", ["sue", "nobody"])
def test_wrong_password_and_unknown_name_get_the_same_answer(client, name):
    answer = sign_in(client, name, "wrong")
    assert answer.status_code == 401
    assert b"do not belong together" in answer.data


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"X-Nothing": "said"},
    ],
)
def test_unsafe_request_from_elsewhere_is_refused(client, headers):
    assert sign_in(client, **headers).status_code == 403


def test_signing_in_is_limited_per_source(client):
    answers = [sign_in(client, "sue", "wrong").status_code for _ in range(11)]
    assert answers[-1] == 429


def test_signing_out_ends_the_session(client):
    sign_in(client)
    client.post("/sign-out", headers=OURS)
    assert client.get("/supervisor/").status_code == 302


def test_answers_carry_a_policy_without_inline_scripts(client):
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if "script-src" in part)
    assert "unsafe-inline" not in scripts


def test_cookies_stay_out_of_reach_of_scripts_and_other_sites(client):
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_accounts_survive_the_file(accounts, tmp_path):
    path = tmp_path / "accounts.yaml"
    accounts.write(path)
    again = Accounts.read(path)
    assert again.verify("sue", "correct horse").role is Role.SUPERVISOR
    assert path.stat().st_mode & 0o077 == 0


def test_broken_accounts_file_says_where_and_what_to_do(tmp_path):
    path = tmp_path / "accounts.yaml"
    path.write_text("sue: {role: emperor, password_hash: x}")
    with pytest.raises(AccountsError, match=r"accounts\.yaml.*emperor.*cordboard account"):
        Accounts.read(path)


def test_short_password_is_refused(accounts):
    with pytest.raises(AccountsError, match="eight characters"):
        accounts.add("bo", Role.AGENT, "short")


@pytest.mark.parametrize(
    ("name", "password", "page"),
    [
        ("sue", "correct horse", "/supervisor"),
        ("ana", "battery staple", "/agent"),
    ],
)
def test_page_is_found_without_its_last_slash(client, name, password, page):
    sign_in(client, name, password)
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{page}/"

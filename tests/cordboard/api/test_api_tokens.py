"""Tokens: made once, kept as hashes, and taken out of force while the centre runs."""

import pytest

from cordboard.api.tokens import Scope, Tokens, TokensError, TokensFile

NOW_S = 1_000


def test_secret_is_not_in_the_file_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "tokens.yaml"
    tokens = Tokens()
    shown = tokens.make("crm", [Scope.FLOOR_READ], NOW_S)
    tokens.write(path)
    assert shown.partition(".")[2] not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    again = Tokens.read(path).of(shown, NOW_S)
    assert again.scopes == {Scope.FLOOR_READ}


def test_file_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "tokens.yaml"
    current = TokensFile(path)
    assert current().of("cb_crm.x", NOW_S) is None
    tokens = Tokens()
    shown = tokens.make("crm", [Scope.FLOOR_READ], NOW_S)
    tokens.write(path)
    assert current().of(shown, NOW_S).name == "crm"
    tokens.revoke("crm")
    tokens.write(path)
    assert current().of(shown, NOW_S) is None


def test_rotation_without_keeping_closes_the_old_secret_at_once():
    tokens = Tokens()
    old = tokens.make("crm", [Scope.FLOOR_READ], NOW_S)
    new = tokens.rotate("crm", NOW_S, keep_s=0)
    assert tokens.of(old, NOW_S) is None
    assert tokens.of(new, NOW_S) is not None


def test_second_rotation_does_not_lengthen_the_life_of_the_first_secret():
    tokens = Tokens()
    first = tokens.make("crm", [Scope.FLOOR_READ], NOW_S)
    tokens.rotate("crm", NOW_S, keep_s=10)
    tokens.rotate("crm", NOW_S + 5, keep_s=100)
    assert tokens.of(first, NOW_S + 9) is not None
    assert tokens.of(first, NOW_S + 10) is None


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda tokens: tokens.make("Crm!", [Scope.FLOOR_READ], NOW_S), "no name"),
        (lambda tokens: tokens.make("crm", [Scope.FLOOR_READ], NOW_S), "rotate or revoke"),
        (lambda tokens: tokens.make("new", [], NOW_S), "needs a scope"),
        (lambda tokens: tokens.rotate("new", NOW_S), "there are: crm"),
        (lambda tokens: tokens.revoke("new"), "there are: crm"),
    ],
)
def test_what_cannot_be_done_says_what_could(act, words):
    tokens = Tokens()
    tokens.make("crm", [Scope.FLOOR_READ], NOW_S)
    with pytest.raises(TokensError, match=words):
        act(tokens)


def test_broken_file_says_where_and_what_to_do(tmp_path):
    path = tmp_path / "tokens.yaml"
    path.write_text("crm: {scopes: [everything], made_s: 1, secrets: []}")
    with pytest.raises(TokensError, match=r"tokens\.yaml.*everything.*cordboard account"):
        Tokens.read(path)

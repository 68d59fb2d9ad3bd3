"""Proofs about sensitive input: cards by the carrier only, PINs masked, no secret said or sent.

A card number must not come near us at all, so a question that could take one is wrong however it is
masked: `pay` is the way. Other secrets (PIN, security code, password) are asked for by masked
nodes only, keys and no speech, and never appear in a prompt, a message, an address or a memory that
outlives the question.
"""

import re
from collections.abc import Iterator

from ivr.flow import nodes
from ivr.flow.prompts import Prompt, places
from ivr.flow.ready import Flow
from ivr.flow.source import Path
from ivr.proofs.findings import Report, path_of
from ivr.proofs.texts import lines_of, prompts_of

_CARD = re.compile(
    r"\b(?:credit|debit|bank|your|long)[ -]card number|\bcard number|\bcvv2?\b|\bcvc2?\b|"
    r"\bsecurity code\b|银行卡号|信用卡号|卡号|安全码|卡號|安全碼|card_?number|^pan$",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\bpin\b|_pin$|pass_?code|password|\bsocial security\b|密码|密碼",
    re.IGNORECASE,
)
_CARD_LENGTH_MIN, _CARD_LENGTH_MAX = 13, 19
_PERSONAL = ("caller.number", "caller.name")


def check_privacy(flow: Flow, report: Report) -> None:
    """Prove that nothing secret is asked for in the open or let out."""
    for name, node in flow.nodes.items():
        if isinstance(node, nodes.Ask):
            _check_ask(flow, name, node, report)
    secrets = {
        node.save for node in flow.nodes.values() if isinstance(node, nodes.Ask) and node.sensitive
    }
    for path, prompt in prompts_of(flow):
        for language, text in lines_of(prompt):
            _check_leak((*path, language), text, secrets, report)
    for path, text in _sent(flow):
        _check_leak(path, text, secrets, report)


def _check_ask(flow: Flow, name: str, node: nodes.Ask, report: Report) -> None:
    asked = [node.save, *_texts(flow, node.prompt)]
    takes_card = (
        node.check_digit == "luhn"
        and node.type in ("digits", "account")
        and node.length_max >= _CARD_LENGTH_MIN
        and node.length_min <= _CARD_LENGTH_MAX
    )
    if takes_card or any(map(_CARD.search, asked)):
        problem = "asks for a card's number or code; only a node of kind pay may do that"
        report.add("card-asked", path_of(name), problem)
    elif not node.sensitive and any(map(_SECRET.search, asked)):
        problem = "asks for a secret in the open; write sensitive: true"
        report.add("secret-unmasked", path_of(name), problem)


def _texts(flow: Flow, prompt: Prompt) -> list[str]:
    table = flow.document.prompts.get(prompt, {}) if isinstance(prompt, str) else prompt
    return [text for _, text in lines_of(dict(table))]


def _sent(flow: Flow) -> Iterator[tuple[Path, str]]:
    """Give every text that leaves the call, or is remembered, by its place."""
    for name, node in flow.nodes.items():
        match node:
            case nodes.Data():
                yield path_of(name, "url"), node.url
            case nodes.Set():
                for value, text in node.values.items():
                    yield (*path_of(name, "values"), value), text
            case nodes.Pay():
                yield path_of(name, "description"), node.description
            case _:
                pass


def _check_leak(path: Path, text: str, secrets: set[str], report: Report) -> None:
    for name, _ in places(text):
        if name in secrets:
            report.add("secret-leaks", path, f"lets out {{{name}}}, which is sensitive")
        if path[-1] == "url" and name in _PERSONAL:
            problem = f"writes {{{name}}} into an address, which is logged on the way; send a body"
            report.add("secret-leaks", path, problem)

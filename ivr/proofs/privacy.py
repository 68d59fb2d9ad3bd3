"""Proofs about sensitive input: cards by the carrier only, PINs masked, no secret said or sent.

A card number must not come near us at all, so a question that could take one is wrong however it is
masked: `pay` is the way. Other secrets (PIN, security code, password) are asked for by masked
nodes only, keys and no speech, and never appear in a prompt, a message, an address or a memory that
outlives the question. What the document calls private is said to verified callers only.
"""

import re
from collections.abc import Iterator

from ivr.flow import nodes
from ivr.flow.prompts import Prompt, places
from ivr.flow.ready import Flow
from ivr.flow.source import Path
from ivr.proofs.findings import Report, path_of
from ivr.proofs.graph import Place, graph_of
from ivr.proofs.lengths import named_prompt, own_prompts
from ivr.proofs.texts import lines_of, prompts_of, read_at

_CARD = re.compile(
    r"\b(?:credit|debit|bank|your|long)[ -]card number|\bcard number|\bcvv2?\b|\bcvc2?\b|"
    r"\bsecurity code\b|银行卡号|信用卡号|卡号|安全码|卡號|安全碼|card_?number|^pan$",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\bpin\b|_pin$|pass_?code|password|\bsocial security\b|密码|密碼",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(?:enter|key|type|say|tell|give|read|speak|dial|press|state|leave|provide)\b|"
    r"输入|輸入|说出|說出|告诉|告訴|念出|请说|請說|留下|提供",
    re.IGNORECASE,
)
"""What makes a sentence about a secret a wish to hear it: "never tell" is one too, and rare enough
to be worth another wording."""
_CARD_LENGTH_MIN, _CARD_LENGTH_MAX = 13, 19
_PERSONAL = ("caller.number", "caller.name")


def check_privacy(flow: Flow, report: Report) -> None:
    """Prove that nothing secret is asked for in the open or let out."""
    for name, node in flow.nodes.items():
        if isinstance(node, nodes.Ask):
            _check_ask(flow, name, node, report)
        else:
            _check_other(flow, name, node, report)
    secrets = {
        node.save for node in flow.nodes.values() if isinstance(node, nodes.Ask) and node.sensitive
    }
    for path, prompt in prompts_of(flow):
        for language, text in lines_of(prompt):
            _check_leak((*path, language), text, secrets, report)
    for path, text in _sent(flow):
        _check_leak(path, text, secrets, report)
    _check_verified(flow, report)


def _check_verified(flow: Flow, report: Report) -> None:
    """Look for private values that a caller can hear who has not been verified.

    A caller is verified behind a case that tests `caller.verified`; the number they call from
    proves nothing.
    """
    graph, let_out = graph_of(flow), _let_out(flow)
    start: Place = (flow.document.start, ())
    came_from: dict[Place, tuple[str, ...]] = {start: (start[0],)}
    for place in (waiting := [start]):
        node = flow.nodes[place[0]]
        for path, text in let_out.pop(place[0], ()):
            for name in (name for name, _ in places(text) if name in flow.document.private):
                deed = (
                    f"copies {{{name}}} for"
                    if isinstance(node, nodes.Set)
                    else f"says {{{name}}} to"
                )
                problem = f"{deed} callers who have not been verified"
                report.add("unverified", path, problem, came_from[place])
        for edge in graph.edges[place]:
            if edge.to not in came_from and not _verifies(node, edge.field):
                came_from[edge.to] = (*came_from[place], edge.to[0])
                waiting.append(edge.to)


def _let_out(flow: Flow) -> dict[nodes.NodeId, list[tuple[Path, str]]]:
    """Give all that callers can be told at each node, retries, messages and answers among it.

    What a node copies under another name counts as told, since it can be said anywhere later.
    """
    told: dict[nodes.NodeId, list[tuple[Path, str]]] = {name: [] for name in flow.nodes}
    for path, prompt in prompts_of(flow):
        lines = [
            ((*path, language), text) for language, text in lines_of(named_prompt(flow, prompt))
        ]
        for name, node in flow.nodes.items():
            is_read = isinstance(node, nodes.Answer) and path[1] in read_at(flow, node)
            if path[:2] == path_of(name) or (path[0] == "answers" and is_read):
                told[name] += lines
    for name, node in flow.nodes.items():
        if isinstance(node, nodes.Set):
            told[name] += [
                ((*path_of(name, "values"), one), text) for one, text in node.values.items()
            ]
    return told


def _verifies(node: nodes.Node, field: str) -> bool:
    """Tell whether a way is taken by verified callers only."""
    if not isinstance(node, nodes.Condition) or not field.startswith("cases["):
        return False
    test = node.cases[int(field[len("cases[") : field.index("]")])].when.get("caller.verified")
    wanted = test.equals if isinstance(test, nodes.Test) else test
    return wanted is True or wanted == "true"


def _check_ask(flow: Flow, name: str, node: nodes.Ask, report: Report) -> None:
    asked = [node.save, *_asked(flow, node)]
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


def _check_other(flow: Flow, name: str, node: nodes.Node, report: Report) -> None:
    """Look for prompts that make callers say a secret where nothing masks it."""
    if not isinstance(node, nodes.Question | nodes.Voicemail | nodes.Say):
        return
    wishes = [text for text in _asked(flow, node) if _ORDER.search(text)]
    if not isinstance(node, nodes.Say):
        is_open = True
    else:
        following = _next_question(flow, node.next)
        is_open = following is not None and not _is_masked(following)
    if any(map(_CARD.search, wishes)) and is_open:
        problem = "asks for a card's number or code; only a node of kind pay may do that"
        report.add("card-asked", path_of(name), problem)
    elif any(map(_SECRET.search, wishes)) and is_open:
        problem = "asks for a secret where nothing masks it; ask with kind ask and sensitive: true"
        report.add("secret-unmasked", path_of(name), problem)


def _is_masked(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Pay) or (isinstance(node, nodes.Ask) and node.sensitive)


def _next_question(flow: Flow, name: nodes.NodeId) -> nodes.Node | None:
    """Give the first node after this one at which the caller is heard; None if there is none.

    Only plain ways are followed: whoever says a thing and then branches has said it to everybody.
    """
    passed: set[nodes.NodeId] = set()
    while name not in passed:
        passed.add(name)
        node = flow.nodes.get(name)
        if isinstance(node, nodes.Question | nodes.Voicemail | nodes.Pay):
            return node
        name = getattr(node, "next", name)
    return None


def _asked(flow: Flow, node: nodes.Node) -> list[str]:
    """Give all that a node says to be answered: its prompt and what follows a failed answer."""
    ladders = (*getattr(node, "no_input", ()), *getattr(node, "no_match", ()))
    return [text for prompt in (*own_prompts(node), *ladders) for text in _texts(flow, prompt)]


def _texts(flow: Flow, prompt: Prompt) -> list[str]:
    return [text for _, text in lines_of(named_prompt(flow, prompt))]


def _sent(flow: Flow) -> Iterator[tuple[Path, str]]:
    """Give every text that leaves the call, or is remembered, by its place."""
    for name, node in flow.nodes.items():
        match node:
            case nodes.Data():
                yield path_of(name, "url"), node.url
                if node.method == "GET":  # what is sent along becomes part of the address
                    for field, text in node.body.items():
                        yield (*path_of(name, "body"), field), text
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
        if path[2:3] in (("url",), ("body",)) and name in _PERSONAL:
            problem = f"writes {{{name}}} into an address, which is logged on the way; use POST"
            report.add("secret-leaks", path, problem)

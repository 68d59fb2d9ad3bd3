"""How long prompts take to hear, estimated from their text.

A voice reads some 15 characters of English a second and some 4.5 Chinese ones; a recording, whose
length nobody here knows, counts as five seconds.

Source: about 150 to 160 words a minute is the usual rate of recorded English (National Center for
Voice and Speech, "Voice qualities", 150); news Mandarin is read at 240 to 300 syllables a minute.
"""

from collections.abc import Iterator, Mapping

from ivr.flow import nodes
from ivr.flow.prompts import Line, Prompt
from ivr.flow.ready import Flow
from ivr.speech import is_han

LATIN_PER_S = 15.0
HAN_PER_S = 4.5
RECORDING_S = 5.0


def text_seconds(text: str) -> float:
    """Estimate how long a voice reads a text."""
    han = sum(map(is_han, text))
    return han / HAN_PER_S + (len(text) - han) / LATIN_PER_S


def prompt_seconds(flow: Flow, prompt: Prompt) -> dict[str, float]:
    """Estimate how long a prompt takes in each language it is written in."""
    table: Mapping[str, str | Line] = (
        flow.document.prompts.get(prompt, {}) if isinstance(prompt, str) else prompt
    )
    return {language: _line_seconds(line) for language, line in table.items()}


def _line_seconds(line: str | Line) -> float:
    if isinstance(line, str):
        return text_seconds(line)
    return RECORDING_S if line.audio is not None else text_seconds(line.text or line.ssml or "")


def node_seconds(flow: Flow, name: str) -> float:
    """Estimate how long a node's own prompt takes in its slowest language."""
    node = flow.nodes[name]
    seconds = [_prompt_max(flow, prompt) for prompt in own_prompts(node)]
    if isinstance(node, nodes.Language):
        seconds = [sum(prompt_seconds(flow, node.prompt).values())]
    if isinstance(node, nodes.Answer):
        entries = flow.document.answers
        names = [node.entry] if node.entry is not None else list(entries)
        read = [_prompt_max(flow, entries[one].answer) for one in names if one in entries]
        seconds.append(max(read, default=0.0))
    return sum(seconds)


def own_prompts(node: nodes.Node) -> Iterator[Prompt]:
    """Give what a node says before anything is answered."""
    prompt = getattr(node, "prompt", None)
    if prompt is not None:
        yield prompt


def _prompt_max(flow: Flow, prompt: Prompt) -> float:
    return max(prompt_seconds(flow, prompt).values(), default=0.0)

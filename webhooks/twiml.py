"""The documents the carrier runs, written by the carrier library's serializer and nothing else.

`serialized` is the only way out: it removes from every text and attribute what XML or a voice has
no use for (control characters, lone surrogates, marks that turn writing round), so that nothing a
caller, a data source or a settings file contains can become a verb, and a document never fails
to parse. Markup comes only from us; speech mark-up in a prompt is parsed and rebuilt from a list
of known elements.

Source: https://www.twilio.com/docs/voice/twiml (size limit: error 11750) and
https://www.twilio.com/docs/voice/twiml/say#ssml (elements and attributes).
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Say as SayVerb
from twilio.twiml.voice_response import VoiceResponse

from ivr.steps import Pause, Play, Prompt, Say
from webhooks.phrases import Phrases

DOCUMENT_BYTES_MAX = 64 * 1024
SAY_CHARACTERS_MAX = 4_000
QUIET_S = 20
_UNSPEAKABLE = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]"
    "|[\U0001fffe-\U0001ffff]"
)
_SPEECH_MARKUP = {
    "break": {"strength", "time"},
    "emphasis": {"level"},
    "lang": {"xml:lang"},
    "p": set[str](),
    "phoneme": {"alphabet", "ph"},
    "prosody": {"volume", "rate", "pitch"},
    "s": set[str](),
    "say-as": {"interpret-as", "format"},
    "sub": {"alias"},
    "w": {"role"},
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class DocumentTooLong(Exception):  # noqa: N818  (names the state, as the carrier's error 11750)
    """A document the carrier would refuse."""


def cleaned(text: str) -> str:
    """Return the text without characters that XML forbids or no voice can speak."""
    if text.isascii() and text.isprintable():
        return text  # addresses, attributes, most prompts: a third of the time of looking closely
    return _UNSPEAKABLE.sub("", text)


def serialized(response: VoiceResponse) -> str:
    """Clean every text of a document and write it out.

    Raises:
        DocumentTooLong: It is over the carrier's 64 kB.
    """
    _clean(response)
    text = str(response.to_xml())
    if len(text.encode()) > DOCUMENT_BYTES_MAX:
        raise DocumentTooLong
    return text


def _clean(node: TwiML) -> None:
    if isinstance(node.value, str):
        node.value = cleaned(node.value)
    for name, value in node.attrs.items():
        if isinstance(value, str):
            node.attrs[name] = cleaned(value)
    for index, child in enumerate(node.verbs):
        if isinstance(child, str):
            node.verbs[index] = cleaned(child)
        else:
            _clean(child)


def hung_up() -> str:
    """Write the document that ends a call."""
    response = VoiceResponse()
    response.hangup()
    return serialized(response)


def last_words(phrases: Phrases, text: str) -> str:
    """Write the document that says one thing and ends the call."""
    response = VoiceResponse()
    say(response, phrases, text)
    response.hangup()
    return serialized(response)


def say(parent: TwiML, phrases: Phrases, *texts: str) -> None:
    """Let sentences of ours be read aloud."""
    parent.say(" ".join(texts), language=phrases.say_language, voice=phrases.voice)


def hold(parent: TwiML, music: Sequence[str], *, turn: int = 0) -> None:
    """Let time pass: one piece of music, another each turn, or quiet where there is none.

    A waiting document without a verb that takes time would be asked for in a tight loop.
    """
    if music:
        parent.play(music[turn % len(music)])
    else:
        parent.pause(length=QUIET_S)


def put_prompts(parent: TwiML, prompts: Sequence[Prompt]) -> None:
    """Put what is heard into a document or into a `<Gather>`."""
    for prompt in prompts:
        if isinstance(prompt, Say):
            _put_say(parent, prompt)
        elif isinstance(prompt, Play):
            parent.play(prompt.url)
        else:
            put_pause(parent, prompt)


def put_pause(parent: TwiML, pause: Pause) -> None:
    """Be silent, in the carrier's whole seconds."""
    parent.pause(length=seconds(pause.ms))


def seconds(ms: int) -> int:
    """Return whole seconds, rounded up, at least one."""
    return max(1, -(-ms // 1000))


def _put_say(parent: TwiML, prompt: Say) -> None:
    text = cleaned(prompt.text)[:SAY_CHARACTERS_MAX]
    root = _parsed(text) if prompt.is_ssml else None
    if root is None:
        parent.say(text, language=prompt.language, voice=prompt.voice)
        return
    verb = SayVerb(language=prompt.language, voice=prompt.voice)
    _copy_markup(root, verb)
    parent.append(verb)


def _parsed(text: str) -> ET.Element | None:
    """Parse the inside of a speech mark-up document; None when it is not well-formed."""
    if "<!" in text:
        return None
    parser = ET.XMLParser()  # noqa: S314  (no declarations get here: nothing to expand)
    try:
        parser.feed(f"<speak>{text}</speak>")
        root: ET.Element = parser.close()
    except ET.ParseError:
        return None
    return root


def _copy_markup(source: ET.Element, target: TwiML) -> None:
    """Rebuild known elements below `target`; of unknown ones only the text remains."""
    _append_text(target, source.text)
    for child in source:
        allowed = _SPEECH_MARKUP.get(child.tag)
        if allowed is None:
            _copy_markup(child, target)
        else:
            named = {
                ("xml:lang" if key == _XML_LANG else key): v for key, v in child.attrib.items()
            }
            copy = target.add_child(child.tag, None)
            copy.attrs = {key: value for key, value in named.items() if key in allowed}
            _copy_markup(child, copy)
        _append_text(target, child.tail)


def _append_text(target: TwiML, text: str | None) -> None:
    """Add text; next to other text it is joined, for the serializer keeps the last one only."""
    if not text:
        return
    if target.verbs and isinstance(target.verbs[-1], str):
        target.verbs[-1] += text
    else:
        target.append(text)

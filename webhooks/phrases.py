"""Sentences the webhooks say by themselves, outside any call flow, in the caller's language.

A call flow brings its own prompts. These are for moments without one: waiting in line, a fault, a
message after the longest wait. Languages are found by their first tag, so `en-GB` finds `en` and
`zh-CN`, `cmn-CN` and `zh` all find Mandarin.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Everything said in one language. Braces are filled with numbers or keys of ours."""

    say_language: str  #: the tag the carrier's voice is asked with
    voice: str | None = None
    waiting: str
    next_in_line: str
    position: str  #: {position}
    wait_minutes: str  #: {low}, {high}
    wait_minutes_one: str  #: {low}
    wait_short: str
    leave: str  #: {key}
    fault: str
    fault_end: str
    not_in_service: str
    record_message: str
    thanks: str
    sorry_nobody: str
    offer: str  #: an agent's phone: {key}
    standing: str  #: an agent's phone, for the shift: {key}
    opted_out: str

    def place(self, position: int) -> str:
        """Say where in line somebody is; 1 is next."""
        return self.next_in_line if position <= 1 else self.position.format(position=position)

    def wait(self, low_ms: int, high_ms: int) -> str:
        """Say how long it may take, in whole minutes, rounded so as not to promise too much."""
        low, high = max(1, low_ms // _MINUTE_MS), -(-high_ms // _MINUTE_MS)
        if high <= 1:
            return self.wait_short
        if low + 1 >= high:
            return self.wait_minutes_one.format(low=high)
        return self.wait_minutes.format(low=low, high=high)


ENGLISH = Phrases(
    say_language="en-GB",
    waiting="Thank you for waiting. We will be with you as soon as we can.",
    next_in_line="You are next in line.",
    position="You are number {position} in line.",
    wait_minutes="The wait is likely to be {low} to {high} minutes.",
    wait_minutes_one="The wait is likely to be about {low} minutes.",
    wait_short="It should take less than a minute.",
    leave="To stop waiting, press {key}.",
    fault="We are sorry, something went wrong on our side. Please stay on the line.",
    fault_end="We are sorry, something went wrong on our side. Please call again later.",
    not_in_service="This number is not in service.",
    record_message="Nobody is free to take your call. Please leave a message after the tone.",
    thanks="Thank you. Goodbye.",
    sorry_nobody="We are sorry that nobody could take your call. Please try again later. Goodbye.",
    offer="A call for you. Press {key} to take it.",
    standing="This is your line for the shift. Press {key} to be connected.",
    opted_out="You will not be called again. Goodbye.",
)

MANDARIN = Phrases(
    say_language="cmn-CN",
    waiting="感谢您的耐心等待,我们会尽快为您服务。",
    next_in_line="您是下一位。",
    position="您排在第{position}位。",
    wait_minutes="预计等待{low}到{high}分钟。",
    wait_minutes_one="预计等待大约{low}分钟。",
    wait_short="预计等待不到一分钟。",
    leave="如果不想继续等待,请按{key}。",
    fault="很抱歉,我们的系统出现问题,请不要挂机。",
    fault_end="很抱歉,我们的系统出现问题,请稍后再拨。",
    not_in_service="您拨打的号码未启用。",
    record_message="目前无人能接听您的来电,请在提示音后留言。",
    thanks="谢谢,再见。",
    sorry_nobody="很抱歉,目前无人能接听您的来电,请稍后再拨。再见。",
    offer="您有一个来电,请按{key}接听。",
    standing="这是您本次值班的线路,请按{key}接入。",
    opted_out="我们不会再给您打电话。再见。",
)

PHRASES: Mapping[str, Phrases] = {"en": ENGLISH, "zh": MANDARIN}

_SAME = {"cmn": "zh"}
"""First tags that mean a language filed under another one."""


def phrases_for(language: str, table: Mapping[str, Phrases], default: str) -> Phrases:
    """Return the phrases of a BCP 47 language: its own, its first tag's, or the default's."""
    first = language.partition("-")[0].lower()
    for key in (language, first, _SAME.get(first, "")):
        if key in table:
            return table[key]
    return table[default]

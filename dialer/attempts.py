"""Attempts: what each fact about a dial leads to, from the order to the verdict and the end.

A dial's way, state by state, is in `dialer.dials`. What is done for a person who is there belongs
to `live_answers`; which dials there are, and what is written when one ends, to `under_way`.

**The deadline for a verdict.** One that does not come within `VERDICT_MS_MAX` counts as "unknown":
a lost webhook must not leave anybody in silence.

Pacing, leads and settings do not belong here; see `dialer.engine`.
"""

from typing import TypeAlias

from acd.commands import EndCall
from acd.deadlines import NO_TICKET
from acd.events import CallEnded, LegCause
from acd.ids import CallId, QueueId, Sid
from acd.notices import HandlingEnded
from dialer.commands import LeaveMessage, OptOut
from dialer.config import Detection
from dialer.detection import is_sampled
from dialer.dials import Dial, DialState, Step
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    DialAnswered,
    DialBound,
    DialRefused,
    MessagePlayed,
    OptedOut,
)
from dialer.live_answers import LiveAnswers
from dialer.under_way import DialsUnderWay
from dialer.verdicts import step_at_answer, step_of_verdict

VERDICT_MS_MAX = 10_000
"""From the answer to a verdict; then it counts as unknown."""

VERDICT_DUE = "dialer.verdict"
"""Kind of deadline: a verdict overdue."""

DialFact: TypeAlias = (
    DialBound | DialAnswered | AnswerClassified | DialRefused | MessagePlayed | CallEnded
)
"""Facts about one dial that mean nothing once it is over."""


class Attempts:
    """Turns facts about dials into what follows."""

    def __init__(self, under_way: DialsUnderWay, answers: LiveAnswers) -> None:
        self._under_way = under_way
        self._answers = answers
        self._acd = under_way.acd

    def handle(self, fact: DialFact) -> None:
        """Take one fact about a dial.

        Raises:
            EventError: No such dial is known; whoever wrote the fact named a wrong one.
        """
        dial = self._under_way.dials.get(fact.call_id)
        if dial is None:
            self._under_way.past.whose(fact.call_id)
            self._under_way.stale_count += 1
        elif not self._advance(dial, fact):
            self._under_way.stale_count += 1

    def opt_out(self, fact: OptedOut) -> None:
        """Pass an opt-out on, once; also one that comes after the dial's end.

        Raises:
            EventError: No such dial is known; whoever wrote the fact named a wrong one.
        """
        dial = self._under_way.dials.get(fact.call_id)
        if dial is None:
            self._under_way.commands.append(
                OptOut(fact.call_id, *self._under_way.past.whose(fact.call_id))
            )
        elif dial.has_opted_out:
            self._under_way.stale_count += 1
        else:
            dial.has_opted_out = True
            self._under_way.commands.append(
                OptOut(dial.call_id, dial.campaign_id, dial.lead.lead_id)
            )

    def fire(self, due_ms: int, kind: str, call_id: CallId) -> None:
        """Carry out one deadline that was popped from the shared heap."""
        dial = self._under_way.dials[call_id]
        dial.ticket = NO_TICKET
        if kind == VERDICT_DUE:
            self._classify(dial, due_ms, AnsweredBy.UNKNOWN)
        else:
            self._answers.fire(dial, due_ms, kind)

    def _advance(self, dial: Dial, fact: DialFact) -> bool:
        """Let a fact act on its dial; False when it came too late or twice."""
        match fact:
            case DialBound():
                self._name(dial, fact.sid)
                return dial.take(Step.BOUND)
            case DialAnswered():
                self._name(dial, fact.sid)
                return self._answer(dial, fact.at_ms)
            case AnswerClassified():
                return self._classify(dial, fact.at_ms, fact.answered_by)
            case MessagePlayed():
                was_messaging = dial.state is DialState.MESSAGING
                dial.is_message_left = dial.take(Step.PLAYED) and was_messaging
                return dial.state is DialState.ENDING
            case DialRefused():
                is_over = dial.take(Step.REFUSED)
                if is_over:
                    self._under_way.close(dial, fact.at_ms, LegCause.REFUSED, error_code=fact.code)
                return is_over
        dial.take(Step.ENDED)
        self._under_way.close(dial, fact.at_ms, fact.cause, sip_code=fact.sip_code)
        return True

    def _name(self, dial: Dial, sid: Sid) -> None:
        """Note the carrier's name; it may come after a person is waiting already."""
        dial.sid = sid
        if dial.is_known_to_acd:
            self._acd.bind_call(dial.call_id, sid)

    def _answer(self, dial: Dial, at_ms: int) -> bool:
        step = step_at_answer(self._under_way.campaign_of(dial).config)
        if not dial.take(step):
            return False
        dial.answered_at_ms = at_ms
        if step is Step.PERSON:
            self._answers.welcome(dial, at_ms)
        else:
            self._under_way.set_deadline(dial, at_ms + VERDICT_MS_MAX, VERDICT_DUE)
        return True

    def _classify(self, dial: Dial, at_ms: int, answered_by: AnsweredBy) -> bool:
        """Let a verdict act. The first one counts, where any does; it implies the answer."""
        config = self._under_way.campaign_of(dial).config
        if dial.answered_by or config.detection is Detection.OFF:
            return False
        dial.answered_by = answered_by.value
        if dial.answered_at_ms < 0:
            dial.answered_at_ms = at_ms
        step = step_of_verdict(config, answered_by)
        if step in (Step.MACHINE, Step.BEEPED) and dial.live_at_ms < 0:
            step = self._check_machine(dial, step, at_ms)
        if not dial.take(step):
            return False
        if step is Step.PERSON:
            self._answers.welcome(dial, at_ms)
        else:
            self._dismiss(dial, at_ms, step)
        return True

    def _check_machine(self, dial: Dial, step: Step, at_ms: int) -> Step:
        """Count a machine verdict; let a free agent check a small share of them."""
        campaign = self._under_way.campaign_of(dial)
        campaign.count_machine(at_ms)
        if not is_sampled(dial.call_id, campaign.config.machine_sample_percent):
            return step
        wanted = sum(other.state is DialState.WAITING for other in campaign.dials.values())
        if self._acd.floor(QueueId(dial.campaign_id)).ready <= wanted:
            return step
        dial.is_sampled = True
        return Step.PERSON

    def _dismiss(self, dial: Dial, at_ms: int, step: Step) -> None:
        """End a call that no person is on, or leave a message there."""
        self._under_way.cancel_deadline(dial)
        if dial.live_at_ms < 0:
            self._under_way.learn(dial, at_ms, "machine")
        dial.live_at_ms, dial.was_connected, dial.wait_ms = -1, False, 0
        self._under_way.return_call(dial, at_ms)
        if step is Step.BEEPED:
            self._under_way.commands.append(LeaveMessage(dial.call_id, dial.sid, dial.campaign_id))
        else:
            self._under_way.commands.append(EndCall(dial.call_id, dial.sid))

    def hear_handled(self, notice: HandlingEnded) -> None:
        """Hear what an agent found at the other end, if it was a dial whose verdict is in doubt."""
        if not notice.disposition:
            return
        dial = self._under_way.dials.get(notice.call_id)
        if dial is None:
            known = self._under_way.past.verdict_of(notice.call_id)
        else:
            known = (dial.campaign_id, dial.is_sampled) if dial.answered_by else None
        campaign = None if known is None else self._under_way.campaigns.get(known[0])
        if campaign is not None and known is not None:
            campaign.learn_truth(notice.disposition, was_checked=known[1])

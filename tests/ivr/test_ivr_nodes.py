"""Each kind of node: what it does on arrival, and with every sort of answer."""

import pytest

from ivr.inputs import (
    DataFailed,
    DataFetched,
    Digits,
    NoInput,
    PaymentDone,
    PaymentFailed,
    QueueLeft,
    QueueView,
    RecordingDone,
    Speech,
    Started,
    TransferFailed,
)
from ivr.interpreter import advance
from ivr.steps import (
    Ask,
    BookCallback,
    Enqueue,
    FetchData,
    HangUp,
    Play,
    Reject,
    Say,
    SendMessage,
    TakePayment,
    Transfer,
    Voicemail,
)
from tests.ivr.flow_texts import HEAD, MONDAY_NOON_MS, SUNDAY_NOON_MS, Caller, tiny

PHONE = "+14155550100"


def test_say_speaks_and_goes_on():
    caller = Caller(tiny("  first: {kind: say, prompt: {en-GB: Hello}, next: people}\n"))
    assert caller.steps[0] == Say("Hello", language="en-GB")
    assert isinstance(caller.steps[-1], Enqueue)


def test_recordings_mark_up_and_voices_are_kept():
    flow = tiny(
        """
  first: {kind: say, prompt: {en-GB: {audio: "https://audio.example/a.mp3"}}, next: two}
  two:
    kind: say
    prompt: {en-GB: {ssml: "Hi <break/> {caller.name}", voice: Polly.Brian}}
    next: three
  three: {kind: say, prompt: {en-GB: {text: Plain, voice: Polly.Emma}}, next: people}
"""
    )
    heard = Caller(flow, name="A & B").steps
    assert heard[0] == Play("https://audio.example/a.mp3")
    assert heard[1] == Say("Hi <break/> A &amp; B", "en-GB", voice="Polly.Brian", is_ssml=True)
    assert heard[2] == Say("Plain", "en-GB", voice="Polly.Emma")


def test_prompt_with_nothing_to_hear_in_it_is_left_out():
    caller = Caller(tiny('  first: {kind: say, prompt: {en-GB: "\\u202e"}, next: people}\n'))
    assert len(caller.steps) == 1


def test_named_prompt_is_said_from_the_table():
    head = HEAD.replace("nodes:", "prompts: {hi: {en-GB: Hello}}\nnodes:")
    caller = Caller(tiny("  first: {kind: say, prompt: hi, next: people}\n", head))
    assert caller.hears == "Hello"


@pytest.mark.parametrize(
    ("segment", "queue_wait_s", "went"),
    [("gold", 0, "vip"), ("basic", 700, "busy"), ("basic", 10, "plain"), (None, None, "plain")],
)
def test_condition_goes_by_the_first_case_that_holds(segment, queue_wait_s, went):
    flow = tiny(
        """
  first:
    kind: condition
    cases:
      - {when: {caller.segment: gold}, to: vip}
      - {when: {queue.general.wait_s: {above: 600}, language: en-GB}, to: busy}
    otherwise: plain
  vip: {kind: queue, queue: vip}
  busy: {kind: queue, queue: busy}
  plain: {kind: queue, queue: plain}
"""
    )
    caller = Caller(flow)
    queues = {} if queue_wait_s is None else {"general": QueueView(wait_s=queue_wait_s)}
    facts = {} if segment is None else {"segment": segment}
    given = Started(at_ms=MONDAY_NOON_MS, caller=facts, queues=queues)
    fresh = type(caller.session)(call="c", flow="tiny", flow_version=1, language="en-GB")
    _, steps = advance(flow, fresh, given)
    assert steps[-1].queue == went


@pytest.mark.parametrize(
    ("test", "value", "holds"),
    [
        ("{known: true}", "x", True),
        ("{known: false}", "x", False),
        ("{known: false}", None, True),
        ("{known: true}", None, False),
        ("{equals: 3}", "3.0", True),
        ("{equals: 3}", "three", False),
        ("{equals: true}", "True", True),
        ("{not_equals: a}", "a", False),
        ("{not_equals: a}", None, False),
        ("{one_of: [a, b]}", "b", True),
        ("{one_of: [a, b]}", "c", False),
        ("{above: 1, below: 3}", "2", True),
        ("{above: 1, below: 3}", "3", False),
        ("{above: 1}", "much", False),
        ("{below: 1}", "much", False),
        ("false", "false", True),
    ],
)
def test_test_holds(test, value, holds):
    flow = tiny(
        f"""
  first:
    kind: condition
    cases: [{{when: {{caller.x: {test}}}, to: yes}}]
    otherwise: people
  yes: {{kind: queue, queue: yes}}
"""
    )
    caller = Caller(flow, **({} if value is None else {"x": value}))
    assert caller.steps[-1].queue == ("yes" if holds else "general")


def test_hours_can_be_tested_and_holidays_have_a_way_of_their_own():
    head = HEAD.replace(
        "nodes:",
        """hours:
  office: {zone: Europe/London, week: {mon-fri: ["09:00-17:00"]}, closed: ["2026-11-22"]}
nodes:""",
    )
    flow = tiny(
        """
  first: {kind: hours, hours: office, open: second, closed: people, holiday: party}
  second:
    kind: condition
    cases: [{when: {hours.office: open}, to: open}]
    otherwise: people
  open: {kind: queue, queue: open}
  party: {kind: queue, queue: party}
""",
        head,
    )
    assert Caller(flow).steps[-1].queue == "open"
    assert Caller(flow, at_ms=SUNDAY_NOON_MS).steps[-1].queue == "party"


def test_values_are_set_from_other_values():
    flow = tiny('  first: {kind: set, values: {tier: "{caller.segment} plus"}, next: people}\n')
    assert Caller(flow, segment="gold").steps[-1].data["tier"] == "gold plus"


def test_split_sends_the_same_call_the_same_way_and_calls_by_their_shares():
    flow = tiny(
        """
  first:
    kind: split
    branches: [{name: old, percent: 70, to: people}, {name: new, percent: 30, to: other}]
  other: {kind: queue, queue: other}
"""
    )
    queues = []
    for number in range(1000):
        caller = Caller(flow, call=f"call-{number}")
        queues.append(caller.steps[-1].queue)
        assert caller.session.data["split.first"] in ("old", "new")
    assert 0.25 < queues.count("other") / 1000 < 0.35
    assert queues[7] == Caller(flow, call="call-7").steps[-1].queue


def test_subflow_comes_back_to_whoever_entered_it():
    flow = tiny(
        """
  first: {kind: subflow, enter: greet, next: second}
  second: {kind: subflow, enter: greet, next: people}
  greet: {kind: say, prompt: {en-GB: Hello.}, next: back}
  back: {kind: return}
"""
    )
    assert Caller(flow).hears == "Hello. Hello."


def test_endless_subflow_and_stray_return_lead_to_a_person():
    deep = tiny("  first: {kind: subflow, enter: first, next: people}\n")
    stray = tiny("  first: {kind: return}\n")
    assert isinstance(Caller(deep).steps[-1], Enqueue)
    assert isinstance(Caller(stray).steps[-1], Enqueue)


DIP = """
  first:
    kind: data
    method: POST
    url: "https://crm.example/tier?q={caller.segment}"
    body: {number: "{caller.number}"}
    save: {tier: customer.tier, good: good}
    prompt: {en-GB: One moment.}
    next: found
    failed: people
  found: {kind: queue, queue: found}
"""


def test_data_is_asked_for_with_a_filler_and_remembered():
    caller = Caller(tiny(DIP), number=PHONE, segment="a b&c")
    assert caller.hears == "One moment."
    assert caller.steps[-1] == FetchData(
        "POST", "https://crm.example/tier?q=a%20b%26c", body={"number": PHONE}
    )
    caller.does(DataFetched, values={"customer.tier": "go\x00ld", "good": True})
    assert caller.steps[-1].queue == "found"
    assert caller.session.data["tier"] == "gold"
    assert caller.session.data["good"] == "true"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (DataFailed, {"reason": "timeout"}),
        (DataFetched, {"values": {}}),
        (DataFetched, {"values": {"customer.tier": None, "good": 1}}),
    ],
)
def test_data_that_does_not_come_takes_the_failure_branch(kind, fields):
    caller = Caller(tiny(DIP))
    caller.does(kind, **fields)
    assert caller.steps[-1].queue == "general"


def test_key_while_data_is_fetched_asks_for_the_data_again():
    caller = Caller(tiny(DIP))
    caller.does(Digits, digits="1")
    assert isinstance(caller.steps[-1], FetchData)


def test_message_is_sent_once_a_call_and_only_to_a_number():
    flow = tiny(
        """
  first: {kind: message, text: {en-GB: "See https://bank.example"}, next: again, no_number: hidden}
  again: {kind: subflow, enter: first_again, next: people}
  first_again: {kind: message, text: {en-GB: More}, next: people, no_number: people}
  hidden: {kind: queue, queue: hidden}
"""
    )
    sent = [step for step in Caller(flow, number=PHONE).steps if isinstance(step, SendMessage)]
    assert sent[0] == SendMessage(to=PHONE, text="See https://bank.example", node="first")
    assert len(sent) == 2
    assert Caller(flow, number="anonymous").steps[-1].queue == "hidden"
    loop = tiny(
        "  first: {kind: message, text: {en-GB: Hi}, next: menu, no_number: people}\n"
        '  menu: {kind: menu, prompt: {en-GB: Again?}, choices: [{key: "1", to: first}]}\n'
    )
    caller = Caller(loop, number=PHONE)
    caller.does(Digits, digits="1")
    assert not any(isinstance(step, SendMessage) for step in caller.steps)


CALLBACK = """
  first:
    kind: callback
    queue: general
    skills: [english]
    prompt: {en-GB: Shall we call you back?}
    booked: {en-GB: We will call you.}
    refused: people
    no_number: hidden
  hidden: {kind: queue, queue: hidden}
"""


def test_callback_is_booked_with_everything_told():
    caller = Caller(tiny(CALLBACK), number=PHONE, segment="gold")
    caller.does(Speech, text="Yes please")
    booked = caller.steps[0]
    assert isinstance(booked, BookCallback)
    assert (booked.queue, booked.number, booked.skills) == ("general", PHONE, ("english",))
    assert booked.segment == "gold"
    assert caller.hears == "We will call you."
    assert caller.steps[-1] == HangUp("callback")


@pytest.mark.parametrize(
    ("answers", "queue"), [(["2"], "general"), (["7", "1"], None), (["7", "8"], "general")]
)
def test_callback_refused_or_not_understood(answers, queue):
    caller = Caller(tiny(CALLBACK), number=PHONE)
    for digits in answers:
        caller.does(Digits, digits=digits)
    assert getattr(caller.steps[-1], "queue", None) == queue


def test_callback_is_not_offered_to_a_hidden_number():
    assert Caller(tiny(CALLBACK)).steps[-1].queue == "hidden"


def test_survey_takes_a_key_or_a_word_and_never_insists():
    flow = tiny("  first: {kind: survey, prompt: {en-GB: How was it?}, minimum: 0, next: bye}\n"
                "  bye: {kind: hang_up, outcome: queued}\n")  # fmt: skip
    for given, fields, rating in [
        (Digits, {"digits": "0"}, "0"),
        (Speech, {"text": "I would say four"}, "4"),
    ]:
        caller = Caller(flow)
        caller.does(given, **fields)
        assert caller.session.data["satisfaction"] == rating
        assert caller.steps[-1] == HangUp("queued")
    silent = Caller(flow)
    silent.does(NoInput)
    silent.does(Speech, text="four point five")
    assert silent.steps[-1] == HangUp("queued")


def test_payment_is_taken_by_the_carrier():
    head = HEAD.replace("nodes:", 'defaults: {bill: "12.50"}\nnodes:')
    flow = tiny(
        """
  first:
    kind: pay
    amount_from: bill
    prompt: {en-GB: You will now pay by card.}
    paid: paid
    failed: people
  paid: {kind: hang_up, outcome: self_served}
""",
        head,
    )
    caller = Caller(flow)
    assert caller.steps[-1] == TakePayment(language="en-US", charge_cents=1250)
    caller.does(PaymentDone, token="tok")
    assert caller.session.data["payment_token"] == "tok"
    assert caller.steps[-1] == HangUp("self_served")
    refused = Caller(flow)
    refused.does(PaymentFailed, reason="too many attempts")
    assert isinstance(refused.steps[-1], Enqueue)


@pytest.mark.parametrize("amount", ["", "-5", "many", "Infinity", "1e999999999"])
def test_payment_of_nothing_is_not_asked_for(amount):
    head = HEAD.replace("nodes:", f'defaults: {{bill: "{amount}"}}\nnodes:')
    flow = tiny("  first: {kind: pay, amount_from: bill, paid: people, failed: failed}\n"
                "  failed: {kind: queue, queue: failed}\n", head)  # fmt: skip
    assert Caller(flow).steps[-1].queue == "failed"


def test_token_may_be_asked_for_without_an_amount():
    flow = tiny("  first: {kind: pay, paid: people, failed: people}\n")
    assert Caller(flow).steps[-1].charge_cents == 0


def test_transfer_comes_back_when_nobody_takes_it():
    flow = tiny(
        f"  first: {{kind: transfer, to: '{PHONE}', prompt: {{en-GB: Wait.}}, failed: people}}\n"
    )
    caller = Caller(flow)
    assert caller.steps[-1] == Transfer(PHONE)
    assert caller.session.outcome == "transferred"
    caller.does(TransferFailed, reason="busy")
    assert isinstance(caller.steps[-1], Enqueue)
    taken = Caller(flow)
    taken.does(NoInput)
    assert taken.steps[-1] == HangUp("transferred")


def test_voicemail_that_is_only_a_click_is_none():
    flow = tiny("  first: {kind: voicemail, queue: general, prompt: {en-GB: Speak.}}\n")
    caller = Caller(flow)
    assert caller.steps[-1] == Voicemail("general")
    caller.does(Digits, digits="5")
    assert isinstance(caller.steps[-1], Voicemail)
    caller.does(RecordingDone, duration_ms=300)
    assert caller.steps[-1] == HangUp("abandoned")


def test_voicemail_may_be_followed_by_more():
    flow = tiny(
        "  first: {kind: voicemail, queue: general, prompt: {en-GB: Speak.}, next: people}\n"
    )
    caller = Caller(flow)
    caller.does(RecordingDone, duration_ms=5000)
    assert isinstance(caller.steps[-1], Enqueue)
    assert caller.session.settled == "voicemail"


def test_call_is_refused_before_it_is_answered_only():
    assert Caller(tiny("  first: {kind: refuse, busy: true}\n")).steps == (Reject("busy"),)
    late = tiny("  first: {kind: say, prompt: {en-GB: Hi}, next: no}\n  no: {kind: refuse}\n")
    assert Caller(late).steps[-1] == HangUp("refused")


def test_survey_follows_the_agent_and_hanging_up_there_is_no_abandonment():
    flow = tiny(
        """
  first: {kind: queue, queue: general, prompt: {en-GB: Please wait.}, served: rate}
  rate: {kind: survey, prompt: {en-GB: How was it?}, next: bye}
  bye: {kind: hang_up, outcome: queued, prompt: {en-GB: Bye.}}
"""
    )
    caller = Caller(flow)
    caller.does(QueueLeft, reason="served")
    assert isinstance(caller.steps[-1], Ask)
    assert caller.session.settled == "queued"
    left = Caller(flow)
    left.does(QueueLeft, reason="left")
    assert left.steps[-1] == HangUp("abandoned")


def test_late_key_finds_the_caller_still_waiting():
    caller = Caller(tiny("  first: {kind: queue, queue: general}\n"))
    caller.does(Digits, digits="5")
    assert isinstance(caller.steps[-1], Enqueue)


def test_node_that_is_not_there_leads_to_a_person():
    caller = Caller(tiny("  first: {kind: say, prompt: {en-GB: Hi}, next: nowhere}\n"))
    assert isinstance(caller.steps[-1], Enqueue)
    assert "no node nowhere" in caller.session.trail[0].text


def test_session_of_a_node_taken_out_of_the_flow_goes_to_a_person():
    flow = tiny("  first: {kind: queue, queue: general}\n")
    lost = type(Caller(flow).session)(
        call="c", flow="tiny", flow_version=1, language="en-GB", node="gone", ordinal=3
    )
    _, steps = advance(flow, lost, NoInput(at_ms=0))
    assert isinstance(steps[-1], Enqueue)


def test_circle_of_announcements_ends_with_an_apology():
    flow = tiny("  first: {kind: say, prompt: {en-GB: Hi}, next: first}\n")
    caller = Caller(flow)
    assert caller.steps[-1] == HangUp("refused")

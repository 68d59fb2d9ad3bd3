"""Questions: ladders, misses, ways out, read-backs, wishes and answers."""

import msgspec
import pytest

from ivr.inputs import DataFetched, Digits, NoInput, Speech, Started
from ivr.steps import Ask, Enqueue, HangUp
from ivr.understanding import OUT_OF_SCOPE, Reading
from tests.ivr.flow_texts import HEAD, Caller, tiny

MENU = """
  first:
    kind: menu
    prompt: {en-GB: Press 1.}
    no_input: [{en-GB: Silence one.}, {en-GB: Silence two.}]
    no_match: [{en-GB: Nonsense one.}]
    misses: 4
    choices: [{key: "1", to: people, phrases: {en-GB: [cards]}}]
"""


def test_silence_and_nonsense_climb_ladders_of_their_own():
    caller = Caller(tiny(MENU))
    heard = []
    for kind, fields in [(NoInput, {}), (Digits, {"digits": "7"}), (Speech, {"text": ""})]:
        caller.does(kind, **fields)
        heard.append(caller.hears)
    assert heard == ["Silence one.", "Nonsense one.", "Silence two."]
    caller.does(Speech, text="blah")
    assert isinstance(caller.steps[-1], Enqueue)
    assert "person" in caller.hears


def test_without_a_ladder_the_question_is_repeated_after_an_apology():
    flow = tiny(
        '  first: {kind: menu, prompt: {en-GB: Press 1.}, choices: [{key: "1", to: people}]}\n'
    )
    caller = Caller(flow)
    caller.does(Digits, digits="7")
    assert caller.hears == "Sorry, I didn't get that. Press 1."


def test_misses_may_lead_elsewhere():
    flow = tiny(MENU + "    give_up: bye\n  bye: {kind: hang_up, outcome: abandoned}\n")
    caller = Caller(flow)
    for _ in range(4):
        caller.does(NoInput)
    assert caller.steps[-1] == HangUp("abandoned")
    assert "person" not in caller.hears


def test_protected_prompt_is_heard_to_its_end_before_listening():
    flow = tiny(MENU.replace("    misses: 4\n", "    barge_in: false\n"))
    *before, ask = Caller(flow).steps
    assert before[0].text == "Press 1."
    assert ask.prompts == ()


def test_keys_only_where_speech_is_off():
    flow = tiny(MENU.replace("    misses: 4\n", "    speech: false\n    hints: [cards]\n"))
    ask = Caller(flow).steps[-1]
    assert ask.inputs == ("digits",)
    assert ask.hints == ()


def test_repeat_and_late_inputs_cost_no_miss():
    caller = Caller(tiny(MENU))
    caller.does(Speech, text="Could you repeat that?")
    caller.does(Started)
    assert caller.hears == "Press 1."
    assert (caller.session.no_inputs, caller.session.no_matches) == (0, 0)


def test_second_reading_of_the_recogniser_may_be_the_right_one():
    caller = Caller(tiny(MENU))
    caller.does(Speech, text="carts", alternatives=("cards",))
    assert isinstance(caller.steps[-1], Enqueue)


def test_shared_way_out_works_in_every_question():
    head = HEAD.replace(
        "nodes:", 'everywhere: [{key: "9", to: top, phrases: {en-GB: [main menu]}}]\nnodes:'
    )
    flow = tiny(MENU + "  top: {kind: queue, queue: top}\n", head)
    for kind, fields in [(Digits, {"digits": "9"}), (Speech, {"text": "main menu please"})]:
        caller = Caller(flow)
        caller.does(kind, **fields)
        assert caller.steps[-1].queue == "top"


def test_shared_key_is_a_digit_where_digits_are_asked_for():
    head = HEAD.replace("nodes:", 'everywhere: [{key: "9", to: top}]\nnodes:')
    flow = tiny(ASK + "  top: {kind: queue, queue: top}\n", head)
    caller = Caller(flow)
    caller.does(Digits, digits="9")
    assert caller.steps[-1].data["reference"] == "9"


def test_zero_means_zero_where_it_is_an_answer():
    flow = tiny(
        """
  first: {kind: ask, prompt: {en-GB: How many?}, type: number, minimum: 0, save: n, next: second}
  second: {kind: menu, prompt: {en-GB: Press 0.}, choices: [{key: "0", to: zero}]}
  zero: {kind: queue, queue: zero}
"""
    )
    caller = Caller(flow)
    caller.does(Digits, digits="0")
    assert caller.session.data["n"] == "0"
    caller.does(Digits, digits="0")
    assert caller.steps[-1].queue == "zero"


ASK = """
  first:
    kind: ask
    prompt: {en-GB: Your reference?}
    save: reference
    length_max: 6
    next: people
"""


def test_spoken_value_is_read_back_and_taken_on_a_yes():
    caller = Caller(tiny(ASK))
    caller.does(Speech, text="double four two")
    assert "I have 4 4 2" in caller.hears
    caller.does(NoInput)
    assert "I have 4 4 2" in caller.hears
    caller.does(Speech, text="Yes.")
    assert caller.steps[-1].data["reference"] == "442"


def test_value_refused_is_asked_for_again():
    caller = Caller(tiny(ASK))
    caller.does(Speech, text="double four two")
    caller.does(Digits, digits="2")
    assert caller.session.stage == ""
    caller.does(Digits, digits="443")
    assert caller.steps[-1].data["reference"] == "443"


def test_neither_yes_nor_no_is_a_miss():
    caller = Caller(tiny(ASK))
    caller.does(Speech, text="double four two")
    caller.does(Digits, digits="5")
    assert caller.session.no_matches == 1
    assert caller.session.stage == "confirm"


def test_sensitive_value_is_keyed_masked_and_never_read_back():
    flow = tiny(ASK + "    sensitive: true\n    read_back: always\n")
    caller = Caller(flow)
    ask = caller.steps[-1]
    assert ask.is_sensitive
    assert ask.inputs == ("digits",)
    caller.does(Digits, digits="4711")
    assert [entry.text for entry in caller.session.trail] == ["••••"]
    assert isinstance(caller.steps[-1], Enqueue)


def test_card_number_keyed_anywhere_is_masked_in_the_trail():
    caller = Caller(tiny(ASK.replace("length_max: 6", "length_max: 20\n    length_min: 20")))
    caller.does(Digits, digits="4111111111111111")
    assert caller.session.trail[0].text == "•" * 16


def test_card_number_said_where_none_was_asked_for_does_not_travel_with_the_call():
    flow = tiny(ASK.replace("length_max: 6", "type: free_text"))
    caller = Caller(flow)
    caller.does(Speech, text="it is 4111 1111 1111 1111")
    assert "4111" not in str(caller.session)
    wish = Caller(tiny(INTENT))
    wish.does(Speech, text="my card 4111 1111 1111 1111 does not work")
    assert "4111" not in str(wish.session)


class Says:
    """An understanding that always says the same."""

    def __init__(self, *ranking: tuple[str, float], is_known: bool = True) -> None:
        self.reading = Reading(ranking=ranking, is_known=is_known)

    def read(self, text: str) -> Reading:
        return self.reading


INTENT = """
  first:
    kind: intent
    prompt: {en-GB: How can I help?}
    routes: {lost: lost, pay: pay, loan: people}
    keys: {"1": lost, "2": nothing}
    answers: tell
  lost: {kind: queue, queue: lost}
  pay: {kind: queue, queue: pay}
  tell: {kind: answer, prompt: {en-GB: Did that help?}, helped: bye}
  bye: {kind: hang_up, outcome: self_served}
intents:
  lost: {name: {en-GB: a lost card}, examples: [a], keywords: [stolen card], wrong_route: 1}
  pay: {name: {en-GB: a payment}, examples: [b]}
  loan: {examples: [c]}
answers:
  fees: {name: {en-GB: our fees}, questions: [q], answer: {en-GB: No fees.}, tags: [money]}
  rates: {questions: [our rates], answer: {en-GB: Three percent.}, tags: [money]}
  old: {questions: [o], answer: {en-GB: Old.}, valid_until: "2020-01-01"}
"""


def intent_caller(*ranking: tuple[str, float], is_known: bool = True) -> Caller:
    return Caller(tiny(INTENT).with_understanding(Says(*ranking, is_known=is_known)))


def test_sure_wish_is_gone_on_with_and_named():
    caller = intent_caller(("pay", 0.95), ("lost", 0.05))
    caller.does(Speech, text="I want to pay")
    assert caller.steps[-1].queue == "pay"
    assert caller.hears == "a payment. I'm putting you through."
    assert caller.steps[-1].data["reason"] == "I want to pay"


def test_keyword_decides_before_the_model_is_asked():
    caller = intent_caller(("pay", 1.0))
    caller.does(Speech, text="it is about a stolen card")
    assert caller.steps[-1].queue == "lost"
    assert caller.hears == ""


def test_key_stands_for_a_wish():
    caller = intent_caller(("pay", 1.0))
    caller.does(Digits, digits="1")
    assert caller.steps[-1].queue == "lost"
    for digits in ("2", "7"):
        caller = intent_caller(("pay", 1.0))
        caller.does(Digits, digits=digits)
        assert caller.session.no_matches == 1


def test_wish_in_doubt_is_confirmed():
    caller = intent_caller(("pay", 0.8), ("lost", 0.1), ("loan", 0.1))
    caller.does(Speech, text="pay")
    assert "You'd like a payment, is that right?" in caller.hears
    caller.does(Speech, text="exactly")
    assert caller.steps[-1].queue == "pay"


@pytest.mark.parametrize("answer", ["no", "banana"])
def test_wish_not_confirmed_is_a_miss(answer):
    caller = intent_caller(("pay", 0.8), ("lost", 0.1), ("loan", 0.1))
    caller.does(Speech, text="pay")
    caller.does(Speech, text=answer)
    assert caller.session.no_matches == 1
    assert isinstance(caller.steps[-1], Ask)


@pytest.mark.parametrize(
    ("given", "queue"),
    [
        ({"digits": "2"}, "lost"),
        ({"text": "a lost card"}, "lost"),
        ({"text": "one"}, "pay"),
        ({"text": "something else"}, None),
        ({"digits": "3"}, None),
    ],
)
def test_two_close_wishes_are_offered_by_name_and_key(given, queue):
    caller = intent_caller(("pay", 0.5), ("lost", 0.45), ("loan", 0.05))
    caller.does(Speech, text="pay")
    assert "For a payment, press 1" in caller.hears
    assert "For something else, press 3" in caller.hears
    caller.does(Digits if "digits" in given else Speech, **given)
    assert getattr(caller.steps[-1], "queue", None) == queue


def test_new_words_at_the_choice_are_a_new_wish():
    caller = intent_caller(("pay", 0.5), ("lost", 0.45), ("loan", 0.05))
    caller.does(Speech, text="pay")
    caller.does(Speech, text="no, my stolen card")
    assert caller.steps[-1].queue == "lost"


def test_wish_refused_is_not_offered_again():
    flow = tiny(INTENT.replace("answers: tell", "answers: tell\n    misses: 5"))
    model = Says(("pay", 0.78), ("lost", 0.07), ("loan", 0.05), ("answer:fees", 0.05))
    caller = Caller(flow.with_understanding(model))
    caller.does(Speech, text="pay")
    caller.does(Speech, text="no")
    assert caller.session.refused == ("pay",)
    caller.does(Speech, text="the other thing")
    assert "pay" not in caller.session.candidates


def test_three_doubtful_wishes_are_offered_together():
    caller = intent_caller(("pay", 0.4), ("lost", 0.3), ("loan", 0.28))
    caller.does(Speech, text="pay")
    assert len(caller.session.candidates) == 3
    assert "For loan, press 3" in caller.hears


@pytest.mark.parametrize(
    ("ranking", "is_known"),
    [
        ((("pay", 0.99),), False),
        (((OUT_OF_SCOPE, 0.6), ("pay", 0.4)), True),
        ((("elsewhere", 0.9),), True),
        ((), True),
    ],
)
def test_what_does_not_belong_is_a_miss(ranking, is_known):
    caller = intent_caller(*ranking, is_known=is_known)
    caller.does(Speech, text="a pizza")
    assert caller.session.no_matches == 1


def test_unsure_recogniser_makes_the_flow_more_careful():
    head = HEAD.replace("{en-GB: {}}", "{en-GB: {confidence_floor: 0.4}}")
    flow = tiny(INTENT, head)
    sure = flow.with_understanding(Says(("pay", 0.99), ("lost", 0.01)))
    for confidence, stage in [(0.2, "confirm"), (0.0, ""), (None, ""), (0.9, "")]:
        caller = Caller(sure)
        caller.does(Speech, text="pay", confidence=confidence)
        assert caller.session.stage == stage
    unsure = flow.with_understanding(Says(("pay", 0.8), ("lost", 0.1)))
    caller = Caller(unsure)
    caller.does(Speech, text="pay", confidence=0.2)
    assert caller.session.no_matches == 1


def test_without_a_model_only_keywords_are_understood():
    caller = Caller(tiny(INTENT))
    caller.does(Speech, text="I want to pay")
    assert caller.session.no_matches == 1


def test_menu_takes_a_wish_only_when_sure_of_it():
    flow = tiny(
        """
  first:
    kind: menu
    prompt: {en-GB: What about?}
    choices: [{key: "1", to: people, intent: pay}]
"""
    )
    sure = Caller(flow.with_understanding(Says(("pay", 0.99), ("x", 0.01))))
    sure.does(Speech, text="pay")
    assert sure.session.data["intent"] == "pay"
    unsure = Caller(flow.with_understanding(Says(("pay", 0.6), ("x", 0.4))))
    unsure.does(Speech, text="pay")
    assert unsure.session.no_matches == 1


def answered() -> Caller:
    caller = intent_caller(("answer:fees", 0.95), ("pay", 0.05))
    caller.does(Speech, text="what are your fees")
    return caller


def test_question_is_answered_and_the_caller_may_simply_hang_up():
    caller = answered()
    assert caller.hears == "No fees. Did that help?"
    assert caller.session.settled == "self_served"
    assert caller.session.trail[-1].text == "fees"


@pytest.mark.parametrize("given", [{"digits": "1"}, {"text": "yes"}, {"text": "thank you"}])
def test_answer_that_helped_ends_the_call(given):
    caller = answered()
    caller.does(Digits if "digits" in given else Speech, **given)
    assert caller.steps[-1] == HangUp("self_served")
    assert caller.session.data["answer.fees"] == "helped"


def test_answer_that_did_not_help_leads_to_a_person_who_sees_it():
    caller = answered()
    caller.does(Speech, text="no")
    assert caller.steps[-1].data["answer.fees"] == "not helped"
    assert caller.session.settled is None


def test_answer_is_read_again_and_related_ones_are_offered():
    caller = answered()
    caller.does(Speech, text="say that again")
    assert caller.hears == "No fees. Did that help?"
    caller.does(NoInput)
    assert caller.hears == "Sorry, I didn't hear anything. Did that help?"
    caller.does(Digits, digits="4")
    assert caller.hears.startswith("For our rates, press 1")
    caller.does(Speech, text="our rates")
    assert caller.hears == "Three percent. Did that help?"
    caller.does(Digits, digits="4")
    caller.does(Digits, digits="2")
    assert caller.steps[-1].data["answer.rates"] == "not helped"


def test_nonsense_at_related_answers_is_a_miss():
    caller = answered()
    caller.does(Speech, text="related")
    caller.does(Digits, digits="7")
    assert caller.session.no_matches == 1
    assert caller.session.stage == "related"


def test_related_answers_come_in_the_order_in_which_they_help():
    more = "  cards: {questions: [card fees], answer: {en-GB: None.}, tags: [money]}\n"
    flow = tiny(INTENT + more).with_understanding(Says(("answer:fees", 0.95), ("pay", 0.05)))
    caller = Caller(flow.with_helpfulness({"cards": 0.9, "rates": 0.2}))
    caller.does(Speech, text="fees")
    caller.does(Digits, digits="4")
    assert caller.session.candidates == ("cards", "rates")


def test_answer_without_related_ones_counts_as_no_help():
    flow = tiny(INTENT.replace(", tags: [money]", ""))
    caller = Caller(flow.with_understanding(Says(("answer:fees", 0.95), ("pay", 0.05))))
    caller.does(Speech, text="fees")
    caller.does(Digits, digits="4")
    assert caller.session.data["answer.fees"] == "not helped"


def test_answer_in_doubt_is_offered_by_its_name():
    caller = intent_caller(("answer:fees", 0.8), ("pay", 0.1), ("lost", 0.1))
    caller.does(Speech, text="fees")
    assert "our fees" in caller.hears


def test_outdated_answer_is_never_read():
    caller = intent_caller(("answer:old", 0.95), ("pay", 0.05))
    caller.does(Speech, text="old")
    assert caller.session.no_matches == 1
    direct = Caller(
        tiny(INTENT.replace("first:\n    kind: intent", "unused:\n    kind: intent")
             .replace("  tell: {kind: answer,", "  first: {kind: answer, entry: old,"))
    )  # fmt: skip
    assert isinstance(direct.steps[-1], Enqueue)


def test_language_is_chosen_by_a_phrase_of_the_author_and_misses_are_counted():
    head = HEAD.replace("{en-GB: {}}", "{en-GB: {}, zh-CN: {say: cmn-CN}}")
    flow = tiny(
        """
  first:
    kind: language
    prompt: {en-GB: English or Chinese?, zh-CN: 请按2}
    choices:
      - {language: en-GB, key: "1"}
      - {language: zh-CN, key: "2", phrases: [putonghua]}
    next: people
""",
        head,
    )
    caller = Caller(flow)
    caller.does(Digits, digits="7")
    caller.does(Speech, text="Putonghua")
    assert caller.session.language == "zh-CN"


def test_language_may_be_changed_in_the_middle():
    head = HEAD.replace("{en-GB: {}}", "{en-GB: {}, zh-CN: {say: cmn-CN}}")
    flow = tiny(MENU.replace("{en-GB: Press 1.}", "{en-GB: Press 1., zh-CN: 请按1}"), head)
    caller = Caller(flow)
    caller.does(Speech, text="中文")
    assert caller.hears == "请按1"
    assert caller.steps[-1].prompts[0].language == "cmn-CN"


def test_missing_language_is_a_silence_and_not_a_crash():
    head = HEAD.replace("{en-GB: {}}", "{fr-FR: {}}")
    caller = Caller(tiny(MENU, head))
    caller.does(NoInput)
    assert caller.hears == ""


def test_after_too_many_questions_even_a_callback_is_not_offered():
    head = HEAD.replace("person: people", "person: offer\nturns_max: 3")
    flow = tiny(
        """
  first: {kind: menu, prompt: {en-GB: Again?}, misses: 9, choices: [{key: "1", to: first}]}
  offer:
    kind: callback
    queue: general
    prompt: {en-GB: Shall we call you?}
    booked: {en-GB: Fine.}
    refused: people
    no_number: people
""",
        head,
    )
    caller = Caller(flow, number="+14155550100")
    for _ in range(3):
        caller.does(Digits, digits="1")
    assert isinstance(caller.steps[-1], Enqueue)


SECRET = """
  first:
    kind: ask
    save: pin
    sensitive: true
    prompt: {en-GB: Your PIN please.}
    next: dip
  dip:
    kind: data
    url: https://crm.example/pin
    method: POST
    body: {pin: "{pin}"}
    save: {tier: tier}
    next: note
    failed: people
  note: {kind: set, values: {copy: "{pin}"}, next: known}
  known: {kind: condition, cases: [{when: {pin: "4711"}, to: people}], otherwise: bye}
  bye: {kind: hang_up, outcome: self_served}
"""


def test_secret_goes_to_the_other_system_and_nowhere_else():
    caller = Caller(tiny(SECRET))
    steps = caller.does(Digits, digits="4711")
    assert steps[-1].body == {"pin": "4711"}
    steps = caller.does(DataFetched, values={"tier": "gold"})
    assert isinstance(steps[-1], Enqueue)
    assert steps[-1].data == {"pin": "••••", "copy": "••••", "tier": "gold"}
    assert caller.session.secrets == {}
    assert "4711" not in msgspec.json.encode(caller.session).decode()


@pytest.mark.parametrize("kind", ["digits", "account", "free_text"])
def test_card_keyed_or_said_where_something_else_was_asked_is_shown_to_nobody(kind):
    node = f"  first: {{kind: ask, type: {kind}, save: it, prompt: {{en-GB: Go.}}, next: people}}\n"
    card = "4111 1111 1111 1111" if kind == "free_text" else "4111111111111111"
    caller = Caller(tiny(node))
    steps = caller.does(Speech, text=card)
    assert isinstance(steps[-1], Enqueue)
    assert set(steps[-1].data["it"]) == {"•"}
    assert "1111" not in msgspec.json.encode(caller.session).decode()


def test_words_said_where_only_keys_are_asked_for_are_hidden_too():
    caller = Caller(tiny(ASK + "    sensitive: true\n"))
    caller.does(Speech, text="my PIN is four nine two seven")
    assert {mark for entry in caller.session.trail for mark in entry.text} == {"\u2022"}


def test_person_is_given_whatever_else_the_flow_makes_of_the_word():
    head = HEAD.replace("nodes:", "everywhere: [{phrases: {en-GB: [agent]}, to: first}]\nnodes:")
    caller = Caller(tiny(MENU, head))
    caller.does(Speech, text="an agent please")
    assert isinstance(caller.steps[-1], Enqueue)

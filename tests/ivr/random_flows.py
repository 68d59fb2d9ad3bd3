"""Hypothesis strategies: flows nobody would write, and callers who do everything."""

from hypothesis import strategies as st

from ivr import inputs
from ivr.inputs import QueueView

IDS = [f"n{index}" for index in range(8)]
LANGUAGES = ("en-GB", "zh-CN")
NUMBERS = ["+14155550100", "anonymous", ""]

texts = st.sampled_from(
    ["Hello {caller.name}.", "{tier|digits} & {no.such}", "您好 {account}", "<b>x</b>", "\u202eabc"]
)
prompts = st.builds(lambda en, zh: {"en-GB": en, "zh-CN": zh}, texts, texts)
targets = st.sampled_from([*IDS, "people"])
ladders = st.lists(prompts, max_size=2)


def question(kind: str, **fields: st.SearchStrategy) -> st.SearchStrategy:
    """Build nodes of a kind that asks."""
    return st.fixed_dictionaries(
        {
            "kind": st.just(kind),
            "prompt": prompts,
            "no_input": ladders,
            "no_match": ladders,
            "barge_in": st.booleans(),
            "speech": st.booleans(),
            **fields,
        },
        optional={"misses": st.integers(1, 4), "give_up": targets},
    )


def plain(kind: str, **fields: st.SearchStrategy) -> st.SearchStrategy:
    """Build nodes of any other kind."""
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


choices = st.lists(
    st.fixed_dictionaries(
        {"to": targets, "phrases": st.just({"en-GB": ["cards"], "zh-CN": ["卡"]})},
        optional={"key": st.sampled_from("0123*#"), "intent": st.just("lost")},
    ),
    min_size=1,
    max_size=3,
)
tests = st.sampled_from(
    [
        {"caller.segment": "gold"},
        {"queue.general.wait_s": {"above": 60}},
        {"tier": {"known": False}},
        {"tier": {"one_of": ["gold", 3, True]}},
        {"hours.office": "open"},
        {"language": "zh-CN"},
        {"account": {"below": 5, "not_equals": 1}},
    ]
)
cases = st.fixed_dictionaries({"when": tests, "to": targets})
types = st.sampled_from(
    ["digits", "account", "phone", "number", "amount", "date", "yes_no", "free_text"]
)
errands = st.one_of(
    plain("say", prompt=prompts, next=targets),
    plain("hours", hours=st.sampled_from(["office", "none"]), open=targets, closed=targets),
    plain(
        "condition",
        cases=st.lists(cases, min_size=1, max_size=2),
        otherwise=targets,
    ),
    plain("set", values=st.just({"tier": "{caller.segment} {tier}"}), next=targets),
    plain(
        "split",
        branches=st.builds(
            lambda a, b: [
                {"name": "a", "percent": 30, "to": a},
                {"name": "b", "percent": 70, "to": b},
            ],
            targets,
            targets,
        ),
    ),
    plain("subflow", enter=targets, next=targets),
    plain("return"),
    plain(
        "data",
        url=st.just("https://crm.example/{caller.number}"),
        save=st.just({"tier": "tier"}),
        next=targets,
        failed=targets,
    ),
    plain("message", text=prompts, next=targets, no_number=targets),
    plain("queue", queue=st.just("general"), left=targets, served=targets),
    plain("queue", queue=st.just("cards")),
    plain("voicemail", queue=st.just("general"), prompt=prompts, next=targets),
    plain("transfer", to=st.just("+14155550100"), failed=targets),
    plain("pay", amount_from=st.sampled_from(["account", "tier"]), paid=targets, failed=targets),
    plain("hang_up", outcome=st.just("self_served")),
    plain("refuse"),
)
questions = st.one_of(
    question("menu", choices=choices),
    question("ask", save=st.sampled_from(["account", "tier"]), next=targets, type=types,
             read_back=st.sampled_from(["never", "spoken", "always"]), sensitive=st.booleans()),
    question("language", next=targets,
             choices=st.just([{"language": "en-GB", "key": "1"}, {"language": "zh-CN"}])),
    question("intent", routes=st.fixed_dictionaries({"lost": targets, "pay": targets}),
             keys=st.just({"1": "lost", "2": "none"}), answers=targets),
    question("answer", helped=targets),
    question("answer", entry=st.sampled_from(["fees", "none"]), helped=targets, not_helped=targets),
    question("survey", next=targets, minimum=st.integers(0, 1)),
    question("callback", queue=st.just("general"), refused=targets, no_number=targets,
             booked=prompts, number_from=st.sampled_from(["caller.number", "account"])),
)  # fmt: skip
nodes = st.one_of(errands, questions)


def documents_of(kinds: st.SearchStrategy) -> st.SearchStrategy:
    """Build documents whose nodes are of some kinds, besides a queue to give up to."""
    return st.builds(
        lambda made, person, turns: {
            "name": "random",
            "version": 1,
            "start": "n0",
            "person": person,
            "turns_max": turns,
            "languages": {"en-GB": {}, "zh-CN": {"hear": "cmn-Hans-CN", "confidence_floor": 0.3}},
            "hours": {"office": {"zone": "Europe/London", "week": {"mon-fri": ["09:00-17:00"]}}},
            "intents": {
                "lost": {"examples": ["lost card"], "keywords": ["lost card"]},
                "pay": {"examples": ["pay a bill"], "wrong_route": 2},
            },
            "answers": {
                "fees": {"questions": ["fees"], "answer": {"en-GB": "None."}, "tags": ["money"]},
                "rates": {"questions": ["rates"], "answer": {"zh-CN": "三"}, "tags": ["money"]},
            },
            "everywhere": [{"key": "9", "to": "n1"}],
            "nodes": {
                **dict(zip(IDS, made, strict=True)),
                "people": {"kind": "queue", "queue": "q"},
            },
        },
        st.lists(kinds, min_size=len(IDS), max_size=len(IDS)),
        st.sampled_from(["people", *IDS]),
        st.integers(3, 12),
    )


documents = documents_of(nodes)
asking_documents = documents_of(questions)

SENSIBLE = ["yes", "no", "cards", "lost card", "again", "related", "中文", "English", "two",
            "something else", "double four", "三月五号", "twelve pounds", "a wish"]  # fmt: skip
says = st.one_of(
    st.sampled_from([*SENSIBLE, "agent", "人工", "", "   ", "。"]),
    st.text(max_size=30),
    st.just("x" * 10_000),
)
keys = st.one_of(st.sampled_from([*"0123456789*#", "", "12345674", "1*50"]), st.text(max_size=5))
instants = st.integers(1_795_000_000_000, 1_796_000_000_000)
views = st.sampled_from([{}, {"general": QueueView(waiting=9, wait_s=600, agents=2)}])


def given_as(kind: type[inputs.Input], **fields: st.SearchStrategy) -> st.SearchStrategy:
    """Build inputs of a kind."""
    return st.builds(kind, at_ms=instants, queues=views, **fields)


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=300))
inputs_that_answer = st.one_of(
    given_as(inputs.Digits, digits=st.sampled_from([*"12378", "12345674", "05032027", "1*50"])),
    given_as(inputs.Speech, text=st.sampled_from(SENSIBLE)),
)
inputs_from_anyone = st.one_of(
    given_as(
        inputs.Started,
        caller=st.fixed_dictionaries(
            {"number": st.sampled_from(NUMBERS), "name": st.text(max_size=20)}
        ),
    ),
    given_as(inputs.Digits, digits=keys),
    given_as(
        inputs.Speech,
        text=says,
        confidence=st.one_of(st.none(), st.floats(0, 1)),
        alternatives=st.lists(says, max_size=2).map(tuple),
    ),
    given_as(inputs.NoInput),
    given_as(inputs.DataFetched, values=st.dictionaries(st.sampled_from(["tier", "x"]), scalars)),
    given_as(inputs.DataFailed, reason=st.text(max_size=10)),
    given_as(inputs.RecordingDone, duration_ms=st.integers(0, 60_000)),
    given_as(inputs.PaymentDone, token=st.text(max_size=10)),
    given_as(inputs.PaymentFailed, reason=st.text(max_size=10)),
    given_as(inputs.TransferFailed, reason=st.text(max_size=10)),
    given_as(inputs.QueueLeft, reason=st.sampled_from(["served", "full", "left"])),
)

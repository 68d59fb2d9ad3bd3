from acd.agents import Agent
from acd.calls import Call
from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.notices import Direction
from acd.queues import LINES_MAX, SLACK, Needs, Profile, Queues

QUEUE = QueueConfig(queue_id="billing", skills={"billing": 3})


def site(*agents):
    return Queues(AcdConfig(queues=(QUEUE,), agents=tuple(a.config for a in agents)), {})


def agent(name, skills=None, queues=()):
    skills = {"billing": 5} if skills is None else skills
    return Agent(AgentConfig(agent_id=name, skills=skills, queues=queues), name)


def call(order, **facts):
    made = Call(f"c{order}", Direction.INBOUND, "k", f"c{order}", **facts)
    made.queue_id, made.order = "billing", order
    return made


def test_profile_serves_by_skills_levels_and_queues():
    needs = Needs("billing", Channel.VOICE, (("billing", 3),), share_with=("sales",))

    assert Profile({"billing": 3}, (), Channel.VOICE).may_serve(needs)
    assert not Profile({"billing": 2}, (), Channel.VOICE).may_serve(needs)
    assert not Profile({}, ("billing",), Channel.VOICE).may_serve(needs)
    assert Profile({"billing": 3}, ("sales",), Channel.VOICE).may_serve(needs)
    assert not Profile({"billing": 3}, ("other",), Channel.VOICE).may_serve(needs)


def test_garbage_stays_bounded_when_calls_and_agents_come_and_go():
    ana = agent("ana")
    queues = site(ana)
    line = queues.plain_line("billing")
    for order in range(1, 1_000):
        one = call(order)
        queues.let_wait(one)
        queues.take_out(one)
        queues.set_free(ana, 0)
        queues.set_taken(ana)
        assert line.garbage <= 2 * SLACK + 2

    assert (line.free_count, line.waiting_count) == (0, 0)


def test_taking_what_is_not_there_has_no_effect():
    ana = agent("ana")
    queues = site(ana)
    queues.set_taken(ana)
    queues.take_out(call(1))

    assert queues.plain_line("billing").free_count == 0


def test_calls_that_need_more_have_a_line_of_their_own():
    ana, ben = agent("ana"), agent("ben", {"billing": 3, "english": 7})
    queues = site(ana, ben)
    queues.set_signed_in(ben, is_signed_in=True)
    queues.set_free(ben, 1_000)
    line = queues.line_of(call(1, skills={"english": 5, "billing": 2}))

    assert line.needs.levels == (("billing", 3), ("english", 5))
    assert (line.staffed_count, line.free_count) == (1, 1)
    assert line not in queues.lines_of(ana)


def test_lines_do_not_grow_in_number_without_bound():
    ana = agent("ana", {f"s{number}": 5 for number in range(600)} | {"billing": 5})
    queues = site(ana)
    for order in range(600):
        one = call(order + 1, skills={f"s{order}": 1})
        queues.let_wait(one)
        assert queues.first_call(ana, 0) is one
        queues.take_out(one)

    assert len(list(queues.lines)) == len(queues.lines_of(ana)) == LINES_MAX + 1
    assert queues.plain_line("billing") in queues.lines_of(ana)


def test_personal_line_goes_when_it_is_empty():
    ana, ben = agent("ana"), agent("ben")
    queues = site(ana, ben)
    queues.set_signed_in(ana, is_signed_in=True)
    one = call(1, preferred=("ana", "nobody"))
    queues.let_wait(one)
    line = queues.line_of(one)

    assert line in queues.lines_of(ana)
    assert line not in queues.lines_of(ben)
    assert line.staffed_count == 1
    queues.take_out(one)
    assert len(list(queues.lines)) == 1
    assert len(queues.lines_of(ana)) == 1


def test_excluded_agents_and_calls_are_passed_over_and_kept():
    ana, ben = agent("ana"), agent("ben")
    queues = site(ana, ben)
    queues.set_free(ana, 0)
    ben.idle_order = 1
    queues.set_free(ben, 0)
    line = queues.plain_line("billing")

    assert line.first_free(call(1, excluded=("ana",))) is ben
    assert line.first_free(call(2)) is ana
    barred, free = call(3, excluded=("ana",)), call(4)
    queues.let_wait(barred)
    queues.let_wait(free)
    assert queues.first_call(ana, 0) is free
    assert queues.first_call(ben, 0) is barred


def test_calls_with_the_same_preference_share_a_personal_line():
    ana = agent("ana")
    queues = site(ana)
    first, second, other = (call(1, preferred=("ana",)), call(2, preferred=("ana",)), call(3))
    other.preferred = ("ana", "ben")
    for one in (first, second, other):
        queues.let_wait(one)

    assert queues.line_of(first) is queues.line_of(second)
    assert len(queues.lines_of(ana)) == 3
    queues.take_out(other)
    queues.take_out(first)
    assert len(queues.lines_of(ana)) == 2


def test_lines_of_queues_stay_however_many_there_are():
    ana, eve = (
        agent("ana", {f"s{number}": 5 for number in range(600)} | {"billing": 5}),
        agent("eve"),
    )
    queues = site(ana, eve)
    waiting = [call(order + 1, skills={f"s{order}": 1}) for order in range(600)]
    plain = call(700)
    for one in (*waiting, plain):
        queues.let_wait(one)
    for one in (plain, *waiting):
        queues.take_out(one)

    assert queues.plain_line("billing") in queues.lines_of(ana)
    assert len(list(queues.lines)) == LINES_MAX + 1

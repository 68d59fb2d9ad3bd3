"""The whole centre over a real store, real webhooks and the carrier stand-in."""

from simulator.carrier.people.manners import Callee, Manner
from tests.cordboard.runtime.live_site import LiveSite, caller

ANSWERS = Callee(ring_s=2.0, detection_s=1.0, manner=Manner(talk_s=20.0))


def test_callers_are_answered_and_the_books_balance(store, tmp_path):
    with LiveSite(store, tmp_path) as live:
        live.start_ready_worker()
        live.sign_in("ana", "ben")
        live.call(*(caller(number) for number in range(4)))
        live.wait_until(lambda: live.books().get("closed", {}).get("inbound") == {"connected": 4})
        live.wait_until(live.outbox_is_empty)
        books = live.books()
        assert books["opened"] == {"inbound": 4}
        assert books["open"] == {}
        live.stop_workers()
        live.check_replay()


def test_campaign_dials_people_to_agents_with_standing_legs(store, tmp_path):
    people = {f"+44207946{200 + n:04}": ANSWERS for n in range(3)}
    people["+442079460203"] = Callee(pick_up="busy")
    people["+442079460204"] = Callee(kind="machine", detection_s=2.0)
    people["+442079460205"] = Callee(pick_up="invalid")
    with LiveSite(store, tmp_path, leads=6, callees=people) as live:
        live.start_ready_worker()
        live.sign_in("dee", "eve")
        live.wait_until(lambda: sum(live.books().get("dials_closed", {}).values()) == 6)
        live.wait_until(live.outbox_is_empty)
        books = live.books()
        assert books["dials_placed"] == 6
        assert books["dials_closed"] == {"human": 3, "busy": 1, "machine": 1, "invalid": 1}
        assert books["dialling"] == 0
        placed = [call for call in live.carrier.exchange.calls.values() if call.to in people]
        assert sorted(call.to for call in placed) == sorted(set(people) - {"+442079460205"})


def test_worker_killed_between_claim_and_request_is_replaced(store, tmp_path):
    """The other points at which a worker may die are in `tests/faults`."""
    with LiveSite(store, tmp_path) as live:
        first = live.start_ready_worker(CRASH_AT="after-claim:2")
        live.sign_in("ana", "ben", "cat")
        live.call(*(caller(number) for number in range(3)))
        live.wait_until(lambda: first.poll() is not None)
        live.start_ready_worker()
        live.wait_until(lambda: sum(live.closed().values()) == 3)
        live.wait_until(live.outbox_is_empty)
        live.check_books()
        live.check_legs()


def test_leg_whose_end_was_never_told_is_found_over(store, tmp_path):
    """The carrier's last word about a call is lost; the comparison frees the agent."""
    with LiveSite(store, tmp_path) as live:
        live.start_ready_worker()
        live.sign_in("ana")
        live.lose("/voice/inbound/status", "/voice/agent/status", "/voice/room/left")
        live.call(caller(1))
        live.wait_until(lambda: live.closed() == {"connected": 1})
        live.check_books()

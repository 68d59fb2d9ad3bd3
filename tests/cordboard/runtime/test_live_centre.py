"""The whole centre over a real store, real webhooks and the carrier stand-in."""

from tests.cordboard.runtime.live_site import LiveSite, caller


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

"""Previews on the wallboard: which lead is before an agent, until when, and how many skips."""

from acd.config import AcdConfig, AgentConfig
from cordboard.runtime.board import PreviewLine, agent_line, decode, encode
from cordboard.runtime.wallboard import Wallboard
from dialer.config import CampaignConfig, CentreConfig
from dialer.notices import LeadShown, PreviewEnded
from dialer.previews import HOUR_MS

CAMPAIGNS = ("cards", "loans")


def wall():
    campaigns = tuple(
        CampaignConfig(campaign_id=name, pacer="preview", skips_per_hour_max=2)
        for name in CAMPAIGNS
    )
    acd = AcdConfig(queues=(), agents=(AgentConfig(agent_id="ana", standing=True),))
    return Wallboard(CentreConfig(acd=acd, campaigns=campaigns), "UTC", 1)


def show(board, at_ms, lead, campaign="cards"):
    board.heed(at_ms, [LeadShown(at_ms, campaign, "ana", lead, 0, "c1", at_ms + 60_000)])


def end(board, at_ms, lead, how, campaign="cards"):
    board.heed(at_ms, [PreviewEnded(at_ms, campaign, "ana", lead, how)])


def seen(board, at_ms):
    return agent_line(decode(encode(board.board(at_ms))), "ana").preview


def test_a_shown_lead_stands_beside_its_agent_until_it_ends():
    board = wall()
    assert seen(board, 1_000) is None
    show(board, 1_000, "L1")
    assert seen(board, 1_000) == PreviewLine(
        campaign_id="cards", lead_id="L1", until_ms=61_000, end="skip", skips_left=2
    )
    end(board, 2_000, "L1", "dialled")
    assert seen(board, 2_000) is None


def test_skips_of_the_last_hour_are_counted_and_nothing_else_is():
    board = wall()
    for number, how in enumerate(("skipped", "expired", "withdrawn", "skipped")):
        show(board, number, f"L{number}")
        end(board, number, f"L{number}", how)
    show(board, 10, "L9")
    assert seen(board, 10).skips_left == 0
    assert seen(board, HOUR_MS).skips_left == 1
    assert seen(board, HOUR_MS + 3).skips_left == 2


def test_of_two_campaigns_the_first_lead_is_looked_at_first():
    board = wall()
    show(board, 0, "L1", "loans")
    show(board, 0, "L1", "cards")
    assert seen(board, 0).campaign_id == "loans"
    end(board, 1, "L1", "skipped", "loans")
    assert seen(board, 1).campaign_id == "cards"
    assert seen(board, 1).skips_left == 2


def test_previews_survive_a_snapshot():
    board, again = wall(), wall()
    show(board, 0, "L1")
    end(board, 1, "L1", "skipped")
    show(board, 2, "L2")
    again.restore(board.to_plain())
    assert seen(again, 3) == seen(board, 3)

"""Lists of a campaign: mix, quotas, goals, duplicates, callbacks, retries, numbers shown."""

from collections import Counter

import pytest

from acd.ids import AgentId
from cordboard.runtime.leads.plan import Cap, Retry, own_rules
from dialer.compliance import Purpose
from dialer.ids import LeadId
from tests.cordboard.runtime.lead_lists import CAMPAIGN, MORNING, Lists, at, plan, rows

DAY_MS = 86_400_000


@pytest.fixture
def lists(tmp_path):
    """Give a function that opens a store; all are closed at the end."""
    opened = []

    def make(texts=None, **changes):
        made = Lists(tmp_path, texts or {"main": rows(1, 3)}, **changes)
        opened.append(made)
        return made

    yield make
    for one in opened:
        one.store.close()


class TestMixing:
    def test_lists_are_lent_in_the_shares_of_their_weights(self, lists):
        made = lists({"new": rows(1, 30), "old": rows(40, 30)}, weights={"new": 3})
        first = Counter("new" if int(name[1:]) < 40 else "old" for name in made.names(20))
        assert first == {"new": 15, "old": 5}

    def test_shares_hold_over_requests_of_one(self, lists):
        made = lists({"new": rows(1, 30), "old": rows(40, 30)}, weights={"new": 3})
        taken = [made.names(1)[0] for _ in range(20)]
        assert sum(int(name[1:]) < 40 for name in taken) == 15

    def test_dry_list_leaves_its_share_and_does_not_save_it_up(self, lists):
        made = lists({"new": rows(1, 2), "old": rows(40, 30)})
        assert len(made.names(20)) == 20
        again = lists({"new": rows(1, 10), "old": rows(40, 30)})
        taken = again.names(8)
        assert sum(int(name[1:]) < 40 for name in taken) == 4

    def test_urgent_fresh_leads_come_first_within_their_list(self, lists):
        made = lists({"main": "lead,number,priority\nL1,+442079460201,1\nL2,+442079460202,5\n"})
        assert made.names() == ["L2", "L1"]

    def test_retry_that_is_due_comes_before_fresh_leads(self, lists):
        made = lists(keeps_agents=True)
        assert made.names(1) == ["L1"]
        made.permit("L1")
        made.close("L1", "busy")
        assert made.names(2, MORNING + 16 * 60_000) == ["L1", "L2"]


class TestQuotasAndGoals:
    def test_list_rests_when_its_quota_of_conversations_is_reached(self, lists):
        made = lists({"new": rows(1, 3), "old": rows(40, 3)}, quotas={"new": 1})
        made.names(1)
        made.close("L1", "human", was_connected=True)
        assert made.names() == ["L40", "L41", "L42"]
        assert made.counts()["quota"] == 2

    def test_campaign_rests_when_its_goal_is_reached(self, lists):
        made = lists(conversations_goal=1)
        made.names(1)
        made.close("L1", "human", was_connected=True)
        assert made.names() == []
        assert made.counts() == {"reached": 1, "goal": 2}


class TestDuplicates:
    def test_number_of_another_list_is_left_out_with_file_and_line(self, lists):
        made = lists({"new": rows(1, 2), "old": "lead,number\nL9,+442079460202\n"})
        (problem,) = made.wrong
        assert "old.csv:2: lead 'L9' has the number of lead 'L2'" in problem
        assert made.names() == ["L1", "L2"]

    def test_name_of_another_list_is_left_out(self, lists):
        made = lists({"new": rows(1, 1), "old": "lead,number\nL1,+442079460299\n"})
        assert "is in another list of the campaign" in made.wrong[0]

    def test_second_number_counts_as_well(self, lists):
        text = "lead,number,number_2\nL1,+442079460201,+442079460202\nL2,+442079460202,\n"
        assert "has the number of lead 'L1'" in lists({"main": text}).wrong[0]

    def test_lead_that_left_the_file_is_called_no_more_and_returns_with_its_past(self, lists):
        lists({"main": rows(1, 2)}).close("L1", "busy")
        assert lists({"main": rows(2, 1)}).counts() == {"removed": 1, "callable": 1}
        made = lists({"main": rows(1, 2)}, keeps_agents=True)
        assert {lead.lead_id: lead.attempts for lead in made.supply()} == {"L1": 1, "L2": 0}

    def test_corrected_number_is_taken_and_alive_again(self, lists):
        made = lists({"main": "lead,number\nL1,+442079460201\n"})
        made.close("L1", "invalid")
        assert made.counts() == {"unreachable": 1}
        again = lists({"main": "lead,number\nL1,+442079460209\n"})
        assert again.why("+442079460209").leads[0].lead_id == "L1"
        assert not again.why("+442079460201").leads


class TestCallbacks:
    def test_agreed_callback_comes_first_and_not_before_its_time(self, lists):
        made = lists()
        assert made.store.agree(CAMPAIGN, LeadId("L3"), at(2, 15))
        assert made.names(1) == ["L1"]
        assert made.names(1, at(2, 15)) == ["L3"]

    def test_callback_is_lent_to_who_promised_it_and_the_second_time_to_anybody(self, lists):
        made = lists()
        made.store.agree(CAMPAIGN, LeadId("L3"), at(2, 15), AgentId("ana"))
        [first] = made.supply(1, at(2, 15))
        assert (first.lead_id, first.agent_id) == ("L3", "ana")
        again = {lead.lead_id: lead.agent_id for lead in made.supply(10, at(2, 15, 10))}
        assert again["L3"] is None

    def test_callback_agreed_while_the_call_was_open_outlives_its_end(self, lists):
        made = lists()
        made.names(1)
        made.permit("L1")
        made.store.agree(CAMPAIGN, LeadId("L1"), at(3, 11), AgentId("ana"))
        made.close("L1", "human", was_connected=True)
        answer = made.why("+442079460201").leads[0]
        assert (answer.standing, answer.due_ms, answer.agent_id) == ("agreed", at(3, 11), "ana")

    def test_promise_does_not_lift_the_law(self, lists):
        made = lists({"main": rows(1, 1)})
        made.store.agree(CAMPAIGN, LeadId("L1"), at(2, 22))
        assert made.names(1, at(2, 22)) == []
        assert made.names(1, at(3, 8)) == ["L1"]

    def test_nobody_is_promised_a_call_they_asked_not_to_get(self, lists):
        made = lists()
        made.opt_out("L1")
        assert not made.store.agree(CAMPAIGN, LeadId("L1"), at(3, 11))


class TestRetries:
    def test_pause_of_an_outcome_is_a_setting(self, lists):
        made = lists({"main": rows(1, 1)}, retries={"busy": Retry(3_600_000)}, keeps_agents=True)
        made.names()
        made.close("L1", "busy")
        assert made.names(1, MORNING + 3_599_000) == []
        assert made.names(1, MORNING + 3_600_000) == ["L1"]

    def test_outcome_is_repeated_so_many_times_only(self, lists):
        made = lists({"main": rows(1, 1)}, retries={"busy": Retry(60_000, times_max=2)})
        made.close("L1", "busy", call="7.1")
        assert "spent" not in made.counts()
        made.close("L1", "busy", call="7.2", at_ms=MORNING + 120_000)
        assert made.counts() == {"spent": 1}

    def test_number_that_did_not_answer_is_tried_at_another_hour(self, lists):
        made = lists({"main": rows(1, 1)}, retries={"no_answer": Retry(23 * 3_600_000)})
        made.names()
        made.close("L1", "no_answer", at_ms=at(2, 10))
        due_ms = made.why("+442079460201").leads[0].due_ms
        assert due_ms >= at(3, 12)  # not again around ten


class TestOwnRules:
    def test_own_cap_per_day_binds_beside_the_laws(self, lists):
        rules = own_rules((), [Cap("number_day", "number", 24, 1)])
        retries = {"busy": Retry(60_000)}
        made = lists({"main": rows(1, 1)}, own_rules=rules, retries=retries, keeps_agents=True)
        (lead,) = made.supply()
        assert ",own@" in lead.rule_set
        made.permit("L1")
        made.close("L1", "busy")
        assert made.names(1, MORNING + 120_000) == []
        assert "own-number-day" in made.counts(MORNING + 180_000)
        assert made.names(1, MORNING + DAY_MS) == ["L1"]

    def test_own_hours_narrow_the_laws(self, lists):
        made = lists(own_rules=own_rules(["11:00-12:00"], []))
        assert made.names(1, at(2, 10)) == []
        assert made.names(1, at(2, 11)) == ["L1"]

    def test_other_number_is_dialled_where_the_first_is_at_its_cap(self, lists):
        text = "lead,number,number_2\nL1,+442079460201,+442079460202\n"
        rules = own_rules((), [Cap("number_day", "number", 24, 1)])
        retries = {"busy": Retry(60_000)}
        made = lists({"main": text}, own_rules=rules, retries=retries)
        assert made.supply()[0].number_index == 0
        made.permit("L1")
        made.close("L1", "busy")
        assert made.supply(now_ms=MORNING + 120_000)[0].number_index == 1


class TestExecution:
    def test_permission_counts_as_an_attempt_at_once(self, lists):
        rules = own_rules((), [Cap("number_day", "number", 24, 1)])
        made = lists(own_rules=rules)
        made.names()
        assert made.permit("L1", call="7.1")
        assert made.permit("L1", call="7.1")  # the same dial, asked again
        assert not made.permit("L1", call="7.2")

    def test_order_that_comes_after_the_lead_was_closed_is_refused(self, lists):
        made = lists()
        made.names()
        assert made.permit("L1", call="7.1")
        made.close("L1", "busy", call="7.1")
        assert not made.permit("L1", call="7.2")

    def test_number_shown_is_the_one_most_alike(self, lists):
        made = lists(caller_ids=("+441614960101", "+442079460101"))
        assert made.campaigns[CAMPAIGN].caller_id_for("+442079460201") == "+442079460101"

    def test_number_that_is_not_ours_is_never_shown(self, lists):
        made = lists(is_caller_id_owned=False)
        assert made.names() == []
        assert made.counts() == {"gb-caller-identity": 3}


class TestRegisters:
    def marketing(self, lists, **changes):
        return lists(purpose=Purpose.MARKETING, **changes)

    def test_listed_number_is_held_back_and_the_others_are_not(self, lists):
        made = self.marketing(lists)
        assert made.names() == []
        taken = made.store.take_register("gb-tps", at(1, 0), iter(["+442079460202"]))
        assert taken.count == 1
        assert made.names() == ["L1", "L3"]
        assert made.counts()["gb-tps"] == 1
        assert made.why("+442079460202").registers == ("gb-tps",)

    def test_newer_copy_replaces_the_older_one_whole(self, lists):
        made = self.marketing(lists)
        made.store.take_register("gb-tps", at(1, 0), iter(["+442079460202"]))
        made.store.take_register("gb-tps", at(2, 0), iter(["+442079460203"]))
        assert made.names() == ["L1", "L2"]

    def test_old_copy_stops_everybody_until_a_fresh_one_comes(self, lists):
        made = self.marketing(lists, registers={"gb-tps": at(2, 0) - 40 * DAY_MS})
        assert made.names() == []
        assert made.counts() == {"gb-tps": 3}
        made.store.take_register("gb-tps", at(2, 0), iter([]))
        assert made.names() == ["L1", "L2", "L3"]

    def test_request_made_elsewhere_acts_at_once(self, lists):
        made = lists()
        made.names()
        made.store.take_requests(MORNING, iter(["+442079460201"]))
        assert not made.permit("L1")
        assert made.permit("L2", call="7.2")


def test_campaign_with_no_rules_of_its_own_names_none():
    assert plan().own_version == ""

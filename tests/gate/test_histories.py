"""Histories that went wrong once, or look as if they could: each is a few steps of the machine's, and must end well."""

import pytest
from test_machine import GateMachine


@pytest.fixture
def play(stage):
    """A machine whose steps are called by hand; after each, nothing may be wrongly open."""
    begun = []

    def begin(policy: str = "plain", author: str = "wes", kind: str = "fine", *, calm: bool = True) -> GateMachine:
        machine = GateMachine(stage)
        begun.append(machine)
        machine.found(policy, author, kind, calm)
        return machine

    yield begin
    for machine in begun:
        machine.world.close()


def ends_well(machine: GateMachine, *, green: bool) -> None:
    machine.nothing_is_wrongly_open()
    machine.settle()
    machine.nothing_is_wrongly_open()
    pull = machine.world.pulls[1]
    assert machine.world.is_green(pull.head) == green, machine.world.title_of_gate(pull.head)


def test_who_pushed_is_no_approver_though_the_push_was_seen_before_it_was_told_of(play):
    machine = play("light label")
    machine.push(0, "will", "fine")
    machine.sweep()
    machine.world.stage.run(machine.world.worker.finish())
    machine.review(0, "will", "APPROVE")
    ends_well(machine, green=False)


def test_a_label_that_another_app_set_unheard_loosens_nothing(play):
    machine = play("light label")
    machine.label(0, "will", "light")
    machine.settle()
    machine.unlabel(0, "light")
    machine.label(0, "helper[bot]", "light")
    machine.world.outbox.clear()
    ends_well(machine, green=False)


def test_a_policy_that_carries_over_less_has_the_council_asked_again(play):
    machine = play("plain")
    machine.move_base("main", "database")
    machine.bring_up_to_date(0, "wes", True, None)
    machine.settle()
    machine.move_base("main", "policy exact")
    ends_well(machine, green=True)


def test_an_approval_for_one_base_branch_is_none_for_another(play):
    machine = play("light label")
    machine.review(0, "maya", "APPROVE")
    machine.retarget(0, "release")
    ends_well(machine, green=False)


def test_an_override_for_one_base_branch_is_none_for_another(play):
    machine = play("plain", kind="BAD testing")
    machine.override(0, "maya", "testing", "named")
    machine.retarget(0, "release")
    ends_well(machine, green=False)


def test_an_override_without_a_commit_is_for_the_head_that_was_there(play):
    machine = play("plain", kind="BAD testing")
    machine.push(0, "wes", "fine")
    machine.override(0, "maya", "testing", "bare")
    machine.push_back(0, "wes", 0)
    ends_well(machine, green=False)


def test_what_was_taken_back_is_gone_whichever_comment_is_heard_first(play):
    machine = play("plain", kind="BAD testing")
    machine.override(0, "maya", "testing", "named")
    machine.withdraw(0, "maya", "testing")
    machine.world.outbox.reverse()
    machine.world.hear(0)
    machine.world.hear_and_finish()
    ends_well(machine, green=False)


def test_a_veto_that_was_taken_back_is_gone_whichever_comment_is_heard_first(play):
    machine = play("plain")
    machine.veto(0, "will")
    machine.withdraw(0, "will", "veto")
    machine.world.outbox.reverse()
    machine.hear(0, False)
    machine.world.stage.run(machine.world.worker.finish())
    ends_well(machine, green=True)


def test_a_push_ends_every_approval(play):
    machine = play("plain")
    machine.push(0, "wes", "BAD testing")
    ends_well(machine, green=False)
    machine.push(0, "wes", "clean")
    ends_well(machine, green=True)


def test_an_approval_that_was_seen_ends_with_the_base_branch(play):
    machine = play("light label")
    machine.review(0, "maya", "APPROVE")
    ends_well(machine, green=True)
    machine.retarget(0, "release")
    ends_well(machine, green=False)
    machine.review(0, "maya", "APPROVE")
    ends_well(machine, green=True)


def test_an_override_takes_the_permission_that_the_policy_names(play):
    machine = play("plain", kind="BAD testing")
    machine.override(0, "will", "testing", "named")
    ends_well(machine, green=False)
    machine.override(0, "maya", "testing", "named")
    ends_well(machine, green=True)
    machine.change_role("maya", "write")
    ends_well(machine, green=False)


def test_an_override_without_a_commit_counts_where_the_head_stayed(play):
    machine = play("plain", kind="BAD testing")
    machine.override(0, "maya", "testing", "bare")
    ends_well(machine, green=True)


def test_a_label_of_another_app_loosens_nothing(play):
    machine = play("light label")
    machine.label(0, "helper[bot]", "light")
    ends_well(machine, green=False)
    machine.unlabel(0, "light")
    machine.label(0, "tria", "light")
    ends_well(machine, green=True)


def test_a_rebase_keeps_approvals_and_an_evil_merge_does_not(play):
    machine = play("plain")
    machine.move_base("main", "database")
    machine.bring_up_to_date(0, "wes", True, None)
    asked = machine.world.pulls[1].shown
    ends_well(machine, green=True)
    assert machine.world.pulls[1].shown == asked, "nobody was shown the same diff again"
    machine.move_base("main", "fine below")
    machine.bring_up_to_date(0, "wes", False, "large")
    ends_well(machine, green=True)
    assert machine.world.pulls[1].shown > asked


def test_a_worker_that_dies_at_each_moment_leaves_the_same_end(play):
    machine = play("plain", calm=False)
    while machine.world.outbox:
        machine.world.hear(0)
    for moments in (2, 5, 9, 14):
        machine.drive(moments, newest=True)
        machine.die()
    ends_well(machine, green=True)


def test_a_new_head_is_closed_until_it_was_reviewed(play):
    machine = play("plain")
    machine.push(0, "wes", "fine below")
    while machine.world.outbox:
        machine.world.hear(0)
    for _ in range(4):
        machine.drive(60, newest=True)
        machine.nothing_is_wrongly_open()
    ends_well(machine, green=True)


def test_an_override_ends_with_its_diff(play):
    machine = play("plain", kind="BAD testing")
    machine.override(0, "maya", "testing", "named")
    ends_well(machine, green=True)
    machine.push(0, "wes", "database")
    ends_well(machine, green=False)


def test_the_worst_pull_request_of_a_commit_decides(play):
    machine = play("plain")
    machine.open_another_with_the_same_head(0, "release")
    machine.veto(1, "will")
    ends_well(machine, green=False)
    machine.close(1, reopen=False)
    ends_well(machine, green=True)


def test_a_pull_request_into_a_branch_that_anybody_may_change_has_no_say(play):
    machine = play("plain")
    machine.open_another_with_the_same_head(0, "scratch")
    ends_well(machine, green=True)


def test_a_changed_policy_asks_beside_that_of_the_base_branch(play):
    machine = play("plain", author="rita", kind="policy author")
    machine.review(0, "ada", "APPROVE")
    ends_well(machine, green=False)
    machine.review(0, "maya", "APPROVE")
    ends_well(machine, green=True)

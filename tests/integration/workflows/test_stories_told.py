"""Which test tells which promise of docs/solving.md, for who changes one of them. Stories first, then single rules."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]

TOLD: dict[str, tuple[str, ...]] = {
    # Understand
    "what must hold is taken from the issue, its comments and those it speaks of": (
        "integration/workflows/test_questions_asked.py::test_what_must_hold_is_listed_from_the_issue_and_those_it_speaks_of_and_told",
        "integration/workflows/test_questions_asked.py::test_what_comments_and_other_issues_ask_for_is_taken_in_where_the_issue_lists_its_own",
    ),
    "how tests run is found out and proved before anything is changed": (
        "unit/knowledge/test_suites_found.py::test_what_a_projects_files_speak_for",
        "integration/workflows/test_tests_in_folders.py::test_they_are_found_and_run_in_the_folder",
        "unit/workflows/test_tests_proved.py::test_the_first_that_runs_tests_is_used_whether_they_pass_or_not",
    ),
    "the author is asked, answers a day later, and the work goes on": (
        "integration/workflows/test_questions_asked.py::test_an_answer_a_day_later_goes_on_where_the_question_was",
    ),
    "nobody answers": (
        "integration/workflows/test_questions_asked.py::test_after_two_weeks_without_an_answer_it_ends_and_says_so",
    ),
    "the author answers after the issue was closed": (
        "integration/workflows/test_stories_unheard.py::test_who_answers_after_the_issue_was_closed_wakes_nobody",
    ),
    # Plan
    "two plans, votes, and the one with more is built": (
        "integration/workflows/test_stories_planning.py::test_a_large_issue_has_two_plans_and_the_one_with_more_votes_is_built",
    ),
    "a plan is refused and made anew": (
        "integration/workflows/test_stories_planning.py::test_a_plan_is_refused_and_made_anew_and_only_a_word_of_somebody_who_may_starts_the_work",
        "integration/workflows/test_stories_planning.py::test_three_refusals_end_it_and_an_issue_without_its_label_takes_no_word",
    ),
    "ten sub-issues in parallel": (
        "integration/workflows/test_stories_planning.py::test_ten_parts_are_built_side_by_side_and_joined_into_one_pull_request",
    ),
    "a part that cannot be built, and what fails only together": (
        "integration/workflows/test_stories_planning.py::test_what_fails_only_together_is_repaired_and_a_part_that_cannot_be_built_ends_the_work",
    ),
    "parts leave nothing behind": (
        "integration/workflows/test_stories_planning.py::test_closing_the_issue_ends_its_parts_and_leaves_nothing_behind",
        "integration/workflows/test_stories_limits.py::test_what_breaks_off_between_building_parts_and_joining_them_leaves_no_branches",
    ),
    # Build
    "a setup that hangs, output without end": (
        "integration/workflows/test_stories_in_the_sandbox.py::test_a_setup_that_hangs_and_output_without_end_are_ended_and_the_writer_goes_on",
    ),
    "tests that never end": (
        "integration/workflows/test_stories_in_the_sandbox.py::test_tests_that_never_end_on_the_code_as_it_is_are_told_before_anything_is_written",
    ),
    "the budget ends": (
        "integration/workflows/test_conversations.py::test_a_budget_that_is_lowered_while_the_work_goes_on_ends_it_and_it_begins_again_when_asked",
        "system/test_rubbish.py::test_no_run_spends_more_than_its_budget_and_the_call_that_used_it_up",
        "integration/workflows/test_stories_limits.py::test_the_parts_of_an_issue_spend_from_one_budget",
    ),
    "the time ends, with what tests take of it": (
        "integration/workflows/test_stories_limits.py::test_tests_take_of_the_time_that_an_issue_has",
        "integration/workflows/test_stories_limits.py::test_all_that_a_run_does_takes_of_its_time",
    ),
    "who gets nowhere is nudged, then somebody else begins afresh, then a person gets what there is": (
        "integration/workflows/test_stories_building.py::test_who_gets_nowhere_is_followed_by_another_who_knows_what_was_tried",
        "integration/workflows/test_stories_building.py::test_what_two_could_not_finish_is_left_on_a_branch_and_named",
    ),
    "long commands outlive the worker": (
        "integration/workflows/test_lasting.py::test_the_next_drive_waits_for_the_same_command",
    ),
    "long conversations are condensed in the middle only": (
        "unit/agents/test_transcript.py::test_it_is_shortened_well_below_its_budget_and_the_middle_only",
    ),
    # No commit without passing tests
    "an issue that asks to delete the tests": (
        "integration/gate/test_stories_own_pulls.py::test_an_issue_that_asks_to_delete_tests_ends_at_a_person",
    ),
    "what failed before may fail, and no test more": (
        "integration/gate/test_stories_own_pulls.py::test_a_project_that_fails_before_may_fail_no_test_more",
    ),
    "a new test fails before and passes after": (
        "system/test_story.py::test_the_new_tests_fail_on_the_old_code_and_pass_on_what_was_merged",
    ),
    "workflow files, secrets, binaries are refused": (
        "integration/workflows/test_objecting.py::test_what_may_not_be_committed",
        "unit/policy/test_not_committed.py::test_a_secret_is_told_by_its_form_and_not_repeated",
    ),
    "files outside the task, and code without a test, are asked about and shown to people": (
        "integration/workflows/test_stories_planning.py::test_a_file_that_the_plan_does_not_name_is_asked_about_and_shown_to_people",
        "integration/workflows/test_outside_told.py::test_who_repairs_is_asked_about_other_files",
        "integration/workflows/test_objecting.py::test_code_without_a_test_is_asked_about",
    ),
    "words that keep checks from running": (
        "integration/workflows/test_stories_unheard.py::test_words_that_would_keep_checks_from_running_stand_nowhere",
    ),
    # Pull request
    "the template is filled in, findings are answered, two works one after the other in one file": (
        "integration/gate/test_stories_own_pulls.py::test_the_template_is_filled_findings_are_answered_and_a_second_one_tells_of_the_first",
    ),
    "two labels at once on two issues that touch the same file": (
        "integration/workflows/test_stories_unheard.py::test_two_issues_that_touch_the_same_file_are_worked_on_at_once_and_the_later_one_says_so",
    ),
    "a finding that its own suggestion settles": (
        "integration/gate/test_stories_own_pulls.py::test_a_suggestion_that_holds_is_put_in_and_answered_and_no_writer_is_asked",
    ),
    "the council is not convinced": (
        "integration/workflows/test_stories_work.py::test_when_the_council_is_not_convinced_the_check_and_the_comment_say_what_to_do",
    ),
    "a draft ends when the gate lacks nothing but people": (
        "integration/gate/test_stories_drafts.py::test_it_ends_when_the_check_that_the_policy_names_has_passed_and_not_again",
        "integration/gate/test_stories_drafts.py::test_it_does_not_end_while_the_check_fails_and_does_when_that_is_repaired",
        "integration/gate/test_stories_drafts.py::test_a_veto_keeps_it_a_draft_until_it_is_withdrawn",
    ),
    # Stay
    "a check fails and is repaired": (
        "integration/gate/test_stories_tended.py::test_a_check_that_the_change_broke_is_repaired_and_told_of_in_one_comment",
        "integration/gate/test_stories_tended.py::test_after_three_tries_it_says_so_until_somebody_else_pushes",
    ),
    "the description is true after that": (
        "integration/gate/test_stories_own_pulls.py::test_after_a_repair_the_description_is_true_of_the_new_head",
        "integration/gate/test_stories_tended.py::test_the_tests_of_a_repair_are_tried_on_the_head_before_it",
    ),
    "a check is flaky, or not ours": (
        "integration/gate/test_stories_tended.py::test_a_flaky_check_is_run_again_once_and_what_fails_again_is_repaired",
        "integration/gate/test_stories_tended.py::test_a_check_that_fails_without_the_change_is_told_of_once_and_left_alone",
    ),
    "a reviewer asks for changes": (
        "integration/gate/test_stories_tended.py::test_what_maintainers_ask_for_is_done_and_answered_in_each_thread_and_nobody_else_is_heard",
    ),
    "the base moves with a conflict": (
        "integration/gate/test_stories_tended.py::test_a_conflict_with_the_base_is_resolved_by_a_merge_that_is_tested",
    ),
    "merged or closed while it is worked on": (
        "integration/gate/test_stories_tended.py::test_a_repair_under_way_stops_and_the_branch_of_what_was_merged_goes",
        "integration/gate/test_stories_tended.py::test_work_on_an_issue_ends_at_once_when_its_pull_request_is_closed",
    ),
    "closed, and no event told of it": (
        "integration/workflows/test_stories_unheard.py::test_an_issue_of_whose_closing_nobody_told_gets_no_branch",
        "integration/workflows/test_stories_unheard.py::test_one_that_is_closed_between_push_and_pull_request_leaves_no_branch",
        "integration/workflows/test_stories_limits.py::test_an_issue_that_is_closed_unheard_while_its_parts_are_built_is_not_put_together",
        "integration/workflows/test_questions_asked.py::test_it_does_not_wait_on_for_an_issue_of_whose_closing_nobody_told",
    ),
    "the default branch fails": (
        "integration/gate/test_stories_tended.py::test_a_check_that_fails_on_the_default_branch_becomes_one_issue_until_it_passes",
        "integration/gate/test_stories_tended.py::test_at_autonomy_4_it_becomes_a_pull_request_as_well",
    ),
    # Converse
    "pause in mid-step, redirect": (
        "integration/workflows/test_conversations.py::test_work_pauses_in_the_middle_hears_what_is_said_meanwhile_and_goes_on",
    ),
    "pause at each place": (
        "integration/workflows/test_stories_unheard.py::test_work_pauses_wherever_it_is_and_goes_on_from_there",
    ),
    "a comment that was edited after the command": (
        "integration/workflows/test_conversations.py::test_a_comment_that_is_gone_or_was_edited_does_nothing_and_one_that_comes_thrice_is_answered_once",
    ),
    "strangers steer nothing, and are answered so often": (
        "integration/workflows/test_conversations.py::test_strangers_get_the_help_once_and_nothing_that_they_say_reaches_the_work",
        "integration/workflows/test_stories_limits.py::test_who_has_no_say_here_is_told_how_it_stands_only_so_often",
    ),
    "answers in plain words link to lines": (
        "integration/workflows/test_conversations.py::test_a_question_in_plain_words_is_answered_with_links_to_lines_that_are_there",
    ),
    "words in a review": (
        "integration/workflows/test_reviews_addressed.py::test_words_and_questions_in_a_review_are_answered_once_in_the_conversation",
        "integration/workflows/test_reviews_addressed.py::test_a_review_that_is_gone_or_was_edited_since_does_nothing",
        "integration/workflows/test_reviews_addressed.py::test_a_review_of_our_own_pull_request_is_acted_on_and_a_word_in_it_is_no_remark",
    ),
    "notes": ("integration/workflows/test_conversations.py::test_notes_are_kept_until_they_are_forgotten",),
    # Specialists and progress
    "specialists are chosen and measure": (
        "integration/workflows/test_stories_work.py::test_a_slow_thing_is_given_to_who_measures_and_everything_is_shown",
        "unit/policy/test_specialists.py::test_what_a_task_touches_chooses",
    ),
    "the check of the work": (
        "integration/workflows/test_stories_work.py::test_a_worker_that_dies_leaves_one_check_and_a_person_who_stops_it_ends_it",
    ),
    "the terminal": (
        "integration/cli/test_runs_shown.py::test_following_ends_when_the_run_does_and_tells_what_came_meanwhile",
    ),
    "every stop has a reason that a person can act on": (
        "unit/workflows/test_stops_told.py::test_a_stop_names_its_object_and_a_next_step",
    ),
}


@pytest.mark.parametrize("promise", TOLD)
def test_each_promise_has_the_tests_that_tell_it(promise: str):
    for each in TOLD[promise]:
        path, _, name = each.partition("::")
        found = ast.parse((TESTS / path).read_text()).body
        assert name in {node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}, each

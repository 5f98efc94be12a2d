"""Who leaves a merge queue, and how: by the standings of its groups alone, without any server."""

import pytest

from app.emulator.graphql_input import asked_of
from app.emulator.queue_rules import first_out, how_many_land

P, F, W, R = "passed", "failed", "waiting", "refused"


@pytest.mark.parametrize(
    ("strategy", "standings", "out", "landing"),
    [
        ("ALLGREEN", [], None, 0),
        ("ALLGREEN", [P, P, W, P], None, 2),
        ("ALLGREEN", [W, P], None, 0),
        ("ALLGREEN", [W, F, P], 1, 0),
        ("ALLGREEN", [P, R], 1, 1),
        ("HEADGREEN", [W, F, P, W], None, 3),
        ("HEADGREEN", [F, W], None, 0),
        ("HEADGREEN", [P, F], 1, 1),
        ("HEADGREEN", [F, F], 0, 0),
        ("HEADGREEN", [R, P], 0, 2),
    ],
)
def test_who_is_thrown_out_and_how_many_land(strategy, standings, out, landing):
    queue = {"grouping_strategy": strategy, "max_entries_to_merge": 0}
    assert first_out(queue, standings) == out
    assert how_many_land(queue, standings) == landing


@pytest.mark.parametrize(
    ("strategy", "standings", "landing"),
    [("ALLGREEN", [P, P, P], 2), ("HEADGREEN", [W, P, P], 2), ("HEADGREEN", [W, W, P], 0)],
)
def test_no_more_land_at_once_than_the_rule_allows(strategy, standings, landing):
    assert how_many_land({"grouping_strategy": strategy, "max_entries_to_merge": 2}, standings) == landing


@pytest.mark.parametrize(
    ("query", "variables", "told"),
    [
        ('mutation { join(input: {id: "PR_1", jump: true}) { x } }', {}, {"id": "PR_1", "jump": True}),
        ("mutation join($a: ID!) { join(input: {id: $a, how: FAST}) { x } }", {"a": 1}, {"id": 1, "how": "FAST"}),
        ("mutation($given: In!) { join(input: $given) { x } }", {"given": {"id": 1}}, {"id": 1}),
        ("mutation { join }", {"id": 1}, {"pullRequestId": 1}),
    ],
)
def test_what_a_mutation_is_given_is_found_in_its_text_and_variables(query, variables, told):
    assert asked_of(query, variables, ["leave", "join"]) == ("join", told)


def test_a_mutation_that_nobody_knows_has_no_name():
    assert asked_of("mutation { joint }", {}, ["leave", "join"])[0] is None

"""The key `analyzers`: names of programs, or commands that print SARIF."""

import pytest

from app.policy.analyzers import ANALYZERS, OwnAnalyzer
from app.policy.config import Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.stricter import asks_more


def test_names_and_commands_are_read():
    policy = parse_policy(
        'analyzers:\n  - ruff\n  - {name: own, command: check "$@", files: ["*.js"], sarif: b/o.sarif}\n'
    )
    own = OwnAnalyzer(name="own", command='check "$@"', files=("*.js",), sarif="b/o.sarif")
    assert policy.analyzers == ("ruff", own)


def test_none_is_another_thing_than_no_word():
    assert parse_policy("analyzers: []").analyzers == ()
    assert parse_policy("analyzers:").analyzers is None
    assert parse_policy(f"analyzers: [{', '.join(ANALYZERS)}]").analyzers == ANALYZERS


def test_what_reviewers_are_shown_asks_nothing_of_anybody():
    assert not asks_more(Policy(analyzers=("ruff",)), Policy(analyzers=()))


OWN = "analyzers:\n  - name: own\n    command: x\n"
FAULTS = (
    ("analyzers: [ruff, rufff]", 1, 19, "analyzers[2]`: there is no analyzer `rufff`", "Did you mean `ruff`?"),
    ("analyzers: [jshint]", 1, 13, "no analyzer `jshint`", "There are ruff, bandit"),
    ("analyzers: [jshint]", 1, 13, "no analyzer `jshint`", "give `name` and `command`"),
    ("analyzers: [ruff, ruff]", 1, 19, "two analyzers named `ruff`", "rename one"),
    (OWN + "  - {name: own, command: y}", 4, 5, "two analyzers named `own`", "rename one"),
    ("analyzers: ruff", 1, 1, "valid list", "[ruff, bandit]"),
    ("analyzers: [5]", 1, 13, "valid string", "ruff"),
    ("analyzers:\n  - name: own", 2, 5, "`command` is missing", "Add `command`"),
    ("analyzers:\n  - command: x", 2, 5, "`name` is missing", "Add `name`"),
    ("analyzers:\n  - {name: A b, command: x}", 2, 6, "`A b` is no name for an analyzer", "`a-z`"),
    ("analyzers:\n  - {name: a, command: ' '}", 2, 15, "blank", "Write a command"),
    ('analyzers:\n  - {name: a, command: "x\\0"}', 2, 15, "control characters", "Write a command"),
    (OWN + "    sarif: ../x", 4, 5, "`../x` is no place in the work tree", "build/report.sarif"),
    (OWN + "    sarif: /tmp/x", 4, 5, "`/tmp/x` is no place", "build/report.sarif"),
    (OWN + "    files: ['!a']", 4, 13, "takes files back", "Name folders"),
    (OWN + "    sariff: x", 4, 5, "no key `analyzers[1].sariff`", "`sarif`"),
)


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), FAULTS)
def test_a_fault_is_named_with_its_place_and_what_to_write(text, line, column, message, remedy):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in caught.value.message
    assert remedy in caught.value.remedy

"""What deciding by many rules about many files costs, against reading the policy file that they stand in."""

import time

import yaml

from app.policy.asking import who_is_asked
from app.policy.changed import ChangedFile
from app.policy.config import MAX_RULES, parse_policy
from app.policy.facts import Facts, PersonFact
from app.policy.gate import decide, render_decision

FILES = 3_000
"""As many as GitHub lists of a pull request: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files."""


def written() -> str:
    """The most rules that a policy may have, each with conditions on paths, kinds, lines and sizes."""
    rules = [
        {
            "name": f"Rule {number}",
            "applies_to": {
                "or": [
                    {"paths": [f"area{number}/**/deep{number}/*.py", f"*.kind{number}"]},
                    {
                        "and": [
                            {"lines": f"needle{number}\\b"},
                            {"not": {"only_paths": [f"area{number}/**", "docs/**"]}},
                        ]
                    },
                    {"kinds": ["migrations"], "lines_over": 10_000 + number},
                ]
            },
            "requires": {"people": {"count": 1}},
        }
        for number in range(MAX_RULES)
    ]
    return yaml.safe_dump({"rules": rules})


def facts() -> Facts:
    files = tuple(
        ChangedFile(
            f"area{number % 700}/folder/sub{number % 40}/deep/file{number}.py", None, "modified", 3, 1, binary=False
        )
        for number in range(FILES)
    )
    lines = "\n".join(f"    value{number} = compute(number, {number})" for number in range(4 * FILES))
    return Facts(
        pull_state="open",
        draft=False,
        base_ref="main",
        head_sha=None,
        files=files,
        changed_text=lines,
        author=PersonFact("ada"),
        reviews=(),
        contributors=frozenset(),
    )


def test_most_rules_on_most_files() -> None:
    text = written()
    began = time.perf_counter()
    policy = parse_policy(text)
    read = time.perf_counter() - began
    known, costs = facts(), {}
    for name, do in {
        "the first decision": lambda: decide(known, policy),
        "the next one": lambda: decide(facts(), policy),
        "who is asked": lambda: who_is_asked(facts(), policy),
    }.items():
        began = time.perf_counter()
        do()
        costs[name] = time.perf_counter() - began
    decision = decide(known, policy)
    assert len(decision.skipped) >= MAX_RULES - 10
    assert decision.title in render_decision(decision)
    print(f"\n{MAX_RULES} rules, {FILES} files, {len(text) // 1024} KiB; to read the policy takes {read * 1e3:.0f} ms")
    for name, cost in costs.items():
        print(f"  {name}: {cost * 1e3:.0f} ms, {cost / read:.1f} times that")

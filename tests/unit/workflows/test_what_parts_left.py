"""What the work on a large issue has left on GitHub when it ends, as its journal tells."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.forge.effects import Effect
from app.policy.values import Json, JsonValue
from app.runs.journal import Step
from app.workflows import splitting
from app.workflows.splitting import joined_heads


def step(name: str, value: JsonValue, finished_at: float | None = 1.0) -> Step:
    return Step(name, "step", 0, 1, 0.0, finished_at, value)


def test_the_branch_is_at_what_was_joined_built_on_top_of_it_or_repaired():
    steps = [
        step("joined-1", {"head": "a", "left": [2]}),
        step("part-2.a.built", {"commit": "b", "branch": "x"}),
        step("part-3.a.built", {"commit": None, "branch": ""}),
        step("commit-11", "c"),
        step("commit-12", None, finished_at=None),
        step("push-joined-1", {"commit": "a"}),
        step("branch", "quorum/issue-1"),
    ]
    assert joined_heads({each.name: each for each in steps}) == {"a", "b", "c"}


async def test_a_sub_issue_is_found_though_nobody_recorded_that_it_was_opened(monkeypatch: pytest.MonkeyPatch):
    there = {"part-2-run": {"number": 12}}

    def issue(_gh: object, key: str, *_words: object) -> Effect:
        async def find() -> Json | None:
            return there.get(key)

        async def do() -> Json:
            raise AssertionError("nothing is opened now")

        return Effect(do, find)

    monkeypatch.setattr(splitting, "issue", issue)
    steps = [
        step("sub-issue-1", {"number": 11}),
        step("sub-issue-1.attached", {"attached": True}),
        step("sub-issue-2", None, finished_at=None),
        step("sub-issue-3", None, finished_at=None),
    ]
    ctx: Any = SimpleNamespace(run=SimpleNamespace(id="run", repo=None, created_at=0.0))
    services: Any = SimpleNamespace(forge=SimpleNamespace(on=lambda *_: None))
    found = await splitting._find_opened(ctx, services, {each.name: each for each in steps})
    assert found == {"sub-issue-1": 11, "sub-issue-2": 12}

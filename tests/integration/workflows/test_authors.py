"""Of which family the models are that wrote an own pull request: a rule can ask for a reviewer of another one."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.values import Repo
from app.policy.work_requests import solve_request
from app.runs.admission import request_run
from app.store.purses import NOBODY
from app.store.tables import usage
from app.workflows.authors import author_family

REPO = Repo(1, 7, "mona", "sample")
ISSUE, PULL = 3, 4
CLAUDE, GPT = "claude-sonnet-5", "gpt-5.1"


@pytest.fixture(autouse=True)
def _for_the_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(*_: Any) -> int:
        return ISSUE

    monkeypatch.setattr("app.workflows.authors.issue_of_pull", found)


async def family(database: AsyncEngine, *calls: tuple[str, str], number: int = ISSUE, author: str = "quorum[bot]"):
    """Of the pull request, after these calls of a run for `number`: role and model."""
    async with database.begin() as db:
        run = await request_run(db, solve_request(REPO, number, asker="mona", cause="c"))
        for at, (role, model) in enumerate(calls):
            row = {"run_id": run, "step": str(at), "repo_id": 7, "role": role, "model": model, "at": 1.0}
            nothing = dict.fromkeys(("input", "cache_read", "cache_write", "output", "cost"), 0)
            await db.execute(insert(usage).values(**row, **nothing))
    services: Any = SimpleNamespace(database=database, forge=SimpleNamespace(login="quorum[bot]"))
    pull: Any = SimpleNamespace(number=PULL, author=author)
    return await author_family(services, REPO, pull)


async def test_who_wrote_counts_and_who_planned_or_reviewed_does_not(database: AsyncEngine):
    assert await family(database, ("planner", GPT), ("writer", CLAUDE), ("reviewer:security", GPT)) == "claude"


async def test_a_repair_on_the_pull_request_is_writing_too(database: AsyncEngine):
    assert await family(database, ("repairer", GPT), number=PULL) == "gpt"


@pytest.mark.parametrize("role", ["writer", "writer-2", "repairer"])
async def test_where_another_family_stood_in_nobody_is_surely_of_another_one(database: AsyncEngine, role: str):
    assert await family(database, ("writer", CLAUDE), (role, GPT)) is None


async def test_nothing_is_said_of_what_nobody_has_on_record(database: AsyncEngine):
    assert await family(database) is None
    assert await family(database, ("writer", CLAUDE), number=99) is None


async def test_a_call_that_was_charged_and_came_to_nothing_wrote_nothing(database: AsyncEngine):
    assert await family(database, ("writer", CLAUDE), ("writer", NOBODY)) == "claude"


async def test_the_change_of_a_person_is_of_no_family(database: AsyncEngine):
    assert await family(database, ("writer", CLAUDE), author="mona") is None

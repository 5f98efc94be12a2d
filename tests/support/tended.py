"""An own pull request after the work on its issue: what checks and people say of it, and who repairs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.cli.demo.github import Person
from app.llm.messages import Reply, Request
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.runs.journal import finish_step
from app.runs.lease import claim
from app.sandbox.box import Result
from app.workflows import WORKFLOWS
from tests.support import house as house_module
from tests.support.opinions import Opinions
from tests.support.places import Content, Place

BRANCH = "quorum/issue-1-be-kind"


class Desk:
    """In the place of a sandbox: a command of the agent writes `files`, any other says how the tests went."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {"n.txt": "fine\n"}
        self.tests_pass: Callable[[Path], bool] = lambda _: True

    async def run(self, argv: Any, *, worktree: Path, **_: Any) -> Result:
        if "run-tests" in argv[-1]:
            return Result(0 if self.tests_pass(worktree) else 1, "ran\n")
        for name, text in self.files.items():
            (worktree / name).write_text(text)
        return Result(0, "")


class Hand(Opinions):
    """Who is asked to repair writes what the desk holds and hands it in; `endings` is the tool that ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.shown: list[str] = []
        self.ending: tuple[str, dict[str, Any]] = (
            "submit",
            {"title": "Mend it", "summary": "What the check found is mended now."},
        )
        self.gives_up = False
        self.begun: Callable[[], object] = lambda: None
        self.turn: Callable[[], object] | None = None
        self.refused = ""

    async def reply(self, request: Request) -> Reply:
        if request.role not in {"writer", "repairer"}:
            return await super().reply(request)
        turns = sum(message.role == "assistant" for message in request.messages)
        if turns == 0:
            self.told.append(repr(request.messages[0]))
            self.begun()
            return self._call("bash", {"command": "write it"})
        self.shown.append(repr(request.messages[-1]))
        if self.gives_up:
            return Reply((), "refusal", self.name)
        if turns == 2 and self.turn is not None:
            self.refused = repr(request.messages[-1])
            self.turn()
            return self._call("bash", {"command": "write it"})
        return self._call(*self.ending)


@dataclass
class OwnPull:
    """`head` is the first one; `now` asks GitHub."""

    place: Place
    bot: Person
    desk: Desk
    hand: Hand
    issue: int
    head: str
    number: int

    @property
    def now(self) -> str:
        return str(self.place.call("ada", "GET", f"pulls/{self.number}")["head"]["sha"])

    @property
    def body(self) -> str:
        """The pull request's description."""
        return str(self.place.call("ada", "GET", f"pulls/{self.number}")["body"])

    def describe(self, text: str) -> None:
        """As the run that opened the pull request wrote it."""
        self.bot.call("PATCH", f"/repos/{self.place.repository.full_name}/pulls/{self.number}", {"body": text})

    def ci(self, ref: str, conclusion: str, log: str = "", name: str = "build", *, settle: bool = True) -> None:
        run_ci(self.place, ref, conclusion, log, name)
        if settle:
            self.place.house.settle()

    def comments(self, begin: str = "") -> list[str]:
        """Quorum's comments on the pull request that hold this."""
        return [each for each in self.place.answers(self.number) if begin in each]

    def runs(self, workflow: str) -> list[str]:
        query = "SELECT state FROM runs WHERE workflow = :workflow AND repo_id = :repo ORDER BY created_at"
        found = self.place.house.rows(query, workflow=workflow, repo=self.place.repository.id)
        return [state for (state,) in found]


def run_ci(place: Place, ref: str, conclusion: str, log: str = "", name: str = "build") -> None:
    """A job of a CI service has ended."""
    told = {"login": "ada", "repository": place.repository.full_name, "ref": ref, "name": name}
    control = f"{place.house.stage.github_url}/_emulator/ci"
    place.house.person("mona").call("PUT", control, {**told, "conclusion": conclusion, "log": log})


@contextmanager
def at_work(place: Place) -> Iterator[tuple[Desk, Hand]]:
    """With a model that changes files, and a desk to do it at."""
    house, desk, hand = place.house, Desk(), Hand()
    whole, house.services = house.services, replace(house.services, box=desk, model=hand)
    try:
        yield desk, hand
    finally:
        house.services = whole


@contextmanager
def own_pull(place: Place, files: dict[str, Content], *, looked_at: bool = False) -> Iterator[OwnPull]:
    """By the App, for an issue with the label, on a branch that a run made which has ended.

    The council has nothing to say in these stories, and the gate only where it is `looked_at`: both take time.
    """
    idle = ("review",) if looked_at else ("review", "recheck")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house_module, "WORKFLOWS", {**WORKFLOWS, **dict.fromkeys(idle, _nothing)})
        yield from _opened(place, files)


def _opened(place: Place, files: dict[str, Content]) -> Iterator[OwnPull]:
    house = place.house
    token = house.stage.world.mint(house.installation, house.app.permissions, [place.repository.id])[0]
    bot = Person(f"{house.stage.github_url}/api/v3", house.app.bot.login, token)
    with at_work(place) as (desk, hand):
        issue = new_issue(place)
        house.arrived()  # the run that the label asks for is over in this story
        head = place.push(BRANCH, place.commit(files, place.main))
        house.run(_remember(place, issue, head))
        body = {"head": BRANCH, "base": "main", "title": "Change"}
        number = int(bot.call("POST", f"/repos/{place.repository.full_name}/pulls", body)["number"])
        house.settle()
        yield OwnPull(place, bot, desk, hand, issue, head, number)
    bot.close()


async def _nothing(_ctx: object, _services: object) -> None:
    """In the place of a workflow."""


def new_issue(place: Place) -> int:
    wish = {"title": "Be kind", "body": "No evil.", "labels": ["quorum"]}
    return int(place.call("ada", "POST", "issues", wish)["number"])


async def _remember(place: Place, issue: int, head: str) -> None:
    """As a run on the issue would have left it."""
    database = place.house.services.database
    owner, name = place.repository.full_name.split("/")
    repo = Repo(place.house.installation.id, place.repository.id, owner, name)
    async with database.begin() as db:
        await request_run(
            db, RunRequest("solve", repo, issue, f"solved-{repo.id}", "finished", f"issue:{repo.id}:{issue}")
        )
    (run,) = await claim(database, "house", 60.0, 32)
    for step, value in (("branch", BRANCH), ("commit-1", head), ("asker", {"login": "ada", "permission": "write"})):
        await finish_step(database, run, step, value)
    async with database.begin() as db:
        await db.exec_driver_sql(f"UPDATE runs SET state = 'succeeded', dedupe_key = NULL WHERE id = '{run.id}'")  # noqa: S608

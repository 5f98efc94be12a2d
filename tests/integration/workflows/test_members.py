"""Who is in a merge group: told from real commits, however they were merged, and never by what a message claims."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from app.forge.api import Forge
from app.forge.mirrors import Mirrors
from app.policy.queue_refs import parse_queue_ref
from app.policy.values import Repo, Sha
from app.store.engine import open_database
from app.wiring import Services
from app.workflows.members import Line, find_members
from tests.integration.jobs.hosting import Hosted, begin_hosting
from tests.support.commits import Commits
from tests.support.databases import migrated_sqlite

BASE = {"a.txt": "a\n", "b.txt": "b\n"}


@dataclass
class Queue:
    hosted: Hosted
    services: Services
    repo: Repo
    commits: Commits
    main: str

    def pull(self, name: str, *steps: dict[str, str]) -> tuple[int, str]:
        """A pull request with a commit for each step. Returns its number and its head."""
        head, files = self.main, dict(BASE)
        for step in steps:
            files |= step
            head = self.commits.make(files, head)
        self.commits.point(f"refs/heads/{name}", head)
        made = self.hosted.mona.call("POST", f"{self.hosted.repo}/pulls", {"title": name, "head": name, "base": "main"})
        return int(made["number"]), head

    def merge(self, onto: str, head: str, subject: str = "Merge", *, second: str = "") -> str:
        """A merge commit of two heads; `second` takes the place of the second parent."""
        return self.commits.of_tree(self.commits.merged(onto, head), onto, second or head, subject=subject)

    def group(self, number: int, head: str) -> str:
        ref = f"refs/heads/gh-readonly-queue/main/pr-{number}-{self.main}"
        self.commits.point(ref, head)
        return ref

    async def look(self, number: int, head: str) -> Line:
        ref = parse_queue_ref(self.group(number, head))
        assert ref is not None
        await self.services.mirrors.fetch(self.repo, ref.name)
        tip = await self.services.mirrors.fetch(self.repo, "refs/heads/main")
        return await find_members(self.services, self.repo, ref, tip, Sha(head))


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with begin_hosting(tmp_path_factory.mktemp("members")) as begun:
        yield begun


@pytest.fixture
async def queue(hosted: Hosted, tmp_path: Path) -> AsyncIterator[Queue]:
    commits = Commits(hosted.repository.path)
    main = commits.make(BASE)
    commits.point("refs/heads/main", main)
    database = open_database(migrated_sqlite(tmp_path / "quorum.db"))
    async with httpx.AsyncClient(timeout=60.0, trust_env=False) as client:
        forge = Forge(hosted.settings, client, hosted.key_file.read_text(), write_gap_s=0)
        mirrors = Mirrors(tmp_path / "mirrors", forge)
        services = cast("Any", SimpleNamespace(database=database, forge=forge, mirrors=mirrors))
        installation = next(iter(hosted.stage.world.installations.values()))
        repo = Repo(installation.id, hosted.repository.id, "mona", "sample")
        yield Queue(hosted, services, repo, commits, main)
    hosted.repository.issues.clear()
    for ref in commits.refs("refs/"):
        commits.remove(ref)
    await database.dispose()


def told(line: Line) -> list[int]:
    return [each.pull.number for each in line.found]


async def test_merge_commits_are_told_by_their_second_parents_and_messages(queue: Queue):
    (one, head), (two, other) = queue.pull("one", {"one.txt": "1\n"}), queue.pull("two", {"two.txt": "2\n"})
    first = queue.merge(queue.main, head, f"Merge pull request #{one} from mona/one")
    line = await queue.look(two, queue.merge(first, other))
    assert (told(line), line.stray) == ([one, two], None)
    assert [each.onto for each in line.found] == [queue.main, first]


async def test_squashes_are_told_by_their_trees(queue: Queue):
    (one, head), (two, other) = queue.pull("one", {"one.txt": "1\n"}), queue.pull("two", {"two.txt": "2\n"})
    first = queue.commits.of_tree(queue.commits.merged(queue.main, head), queue.main, subject=f"One (#{one})")
    last = queue.commits.of_tree(queue.commits.merged(first, other), first, subject="Whatever")
    line = await queue.look(two, last)
    assert (told(line), line.stray) == ([one, two], None)


async def test_a_rebase_is_told_as_a_whole_and_its_end_by_the_branch_of_the_group_ahead(queue: Queue):
    one, _ = queue.pull("one", {"one.txt": "1\n"}, {"one.txt": "2\n"})
    two, _ = queue.pull("two", {"two.txt": "1\n"}, {"two.txt": "2\n"})
    files, commits = dict(BASE), [queue.main]
    for step in ({"one.txt": "1\n"}, {"one.txt": "2\n"}, {"two.txt": "1\n"}, {"two.txt": "2\n"}):
        files |= step
        commits.append(queue.commits.make(files, commits[-1]))
    queue.group(one, commits[2])
    line = await queue.look(two, commits[4])
    assert (told(line), line.stray) == ([one, two], None)


async def test_a_commit_that_nobody_explains_is_named_and_nothing_after_it_counts(queue: Queue):
    (one, head), (two, other) = queue.pull("one", {"one.txt": "1\n"}), queue.pull("two", {"two.txt": "2\n"})
    evil = queue.commits.make({**BASE, "one.txt": "1\n", "evil.txt": "!\n"}, queue.main, head, subject=f"One (#{one})")
    line = await queue.look(two, queue.merge(evil, other))
    assert told(line) == []
    assert line.stray is not None
    assert (line.stray.commit, line.stray.subject) == (evil, f"One (#{one})")


async def test_the_last_commit_is_the_namesakes_and_nobody_elses(queue: Queue):
    """Two pull requests with one change: what was said of one is not said of the other."""
    one, head = queue.pull("one", {"one.txt": "1\n"})
    two, _ = queue.pull("two", {"one.txt": "0\n"}, {"one.txt": "1\n"})
    line = await queue.look(two, queue.merge(queue.main, head, f"Merge pull request #{one} from mona/one"))
    assert told(line) == []
    assert line.stray is not None


async def test_a_merge_of_another_head_with_the_same_content_is_not_the_pull_requests(queue: Queue):
    number, head = queue.pull("one", {"one.txt": "1\n"})
    other = queue.commits.make({**BASE, "one.txt": "1\n"}, queue.main, subject="With another history")
    line = await queue.look(number, queue.merge(queue.main, head, second=other))
    assert (told(line), line.stray is None) == ([], False)


async def test_a_pull_request_that_moved_on_does_not_explain_what_it_was(queue: Queue):
    number, head = queue.pull("one", {"one.txt": "1\n"})
    group = queue.merge(queue.main, head)
    queue.commits.point(f"refs/pull/{number}/head", queue.commits.make({**BASE, "one.txt": "more\n"}, head))
    queue.hosted.repository.issues[number]["pull"]["head_sha"] = queue.commits.at(f"refs/pull/{number}/head")
    line = await queue.look(number, group)
    assert (told(line), line.stray is None) == ([], False)


async def test_a_pull_request_into_another_branch_explains_nothing(queue: Queue):
    number, head = queue.pull("one", {"one.txt": "1\n"})
    queue.hosted.repository.issues[number]["pull"]["base_ref"] = "next"
    line = await queue.look(number, queue.merge(queue.main, head))
    assert (told(line), line.stray is None) == ([], False)


async def test_what_landed_already_is_no_part_of_the_group(queue: Queue):
    (one, head), (two, other) = queue.pull("one", {"one.txt": "1\n"}), queue.pull("two", {"two.txt": "2\n"})
    first = queue.merge(queue.main, head, f"Merge pull request #{one} from mona/one")
    last = queue.merge(first, other)
    queue.commits.point("refs/heads/main", first)
    assert told(await queue.look(two, last)) == [two]


async def test_a_group_beside_the_base_branch_is_not_known(queue: Queue):
    number, head = queue.pull("one", {"one.txt": "1\n"})
    group = queue.merge(queue.main, head)
    queue.commits.point("refs/heads/main", queue.commits.make({**BASE, "c.txt": "c\n"}, queue.main))
    line = await queue.look(number, group)
    assert line.stray is not None
    assert line.stray.because == "it does not stand on the base branch's newest commit"

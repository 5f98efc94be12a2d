"""What landed is judged by its content: which stretches of a branch are on record as approved, and back to where."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from soil import Soil, services_of
from sqlalchemy import delete

from app.cli.demo.stage import Stage, run_git
from app.forge.api import Forge
from app.policy.values import Repo
from app.settings import Settings
from app.store import tables
from app.store.audit import verify
from app.store.engine import open_database
from app.store.work import work
from app.workflows import landing
from tests.support.databases import migrated_sqlite
from tests.support.git_cache import keep_answers
from tests.support.near_mirrors import NearMirrors
from tests.support.quick_sqlite import without_threads


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(tmp_path_factory.mktemp("landings")))
        keep_answers(patch)
        without_threads(patch)
        with Stage("scripted:none") as stage:
            mona = stage.person("mona")
            values = stage.install_app(stage.new_repository(mona, "first"))
            stage.key = Path(values["QUORUM_PRIVATE_KEY_FILE"]).read_text()
            stage.client_id = values["QUORUM_APP_CLIENT_ID"]
            yield stage


@pytest.fixture
async def soil(stage: Stage, tmp_path: Path) -> AsyncIterator[Soil]:
    mona = stage.people[0]
    name = f"r{len(stage.world.repositories)}"
    repository = await asyncio.to_thread(stage.new_repository, mona, name)
    (installation,) = stage.world.installations.values()
    installation.repository_ids.append(repository.id)
    database = open_database(migrated_sqlite(tmp_path / "quorum.db"))
    settings = Settings(github_url=stage.github_url, app_id=stage.app_id, app_client_id=stage.client_id)
    async with httpx.AsyncClient(timeout=60.0, trust_env=False) as client:
        forge = Forge(settings, client, stage.key, write_gap_s=0)
        services = services_of(database, forge, NearMirrors(tmp_path / "mirrors", forge, stage._emulator))
        soil = Soil(stage, mona, Repo(installation.id, repository.id, "mona", name), services, tmp_path / "clone")
        soil.first = await asyncio.to_thread(soil.begin)
        await soil.record()
        yield soil
        async with database.connect() as db:
            assert (await verify(db)).fault is None
    await database.dispose()


async def landings(soil: Soil, sha: str, *let_in: str, **more) -> list[tuple[int | None, bool | None]]:
    return [(each.pull, each.approved) for each in (await soil.trace(sha, *let_in, **more)).landings]


def merged_as(soil: Soil, number: int, sha: str) -> None:
    """What was pushed is shown as the pull request's merge."""
    issue = soil.stage.world.repositories[soil.repo.id].issues[number]
    issue["state"] = "closed"
    issue["pull"].update(merged=True, merged_at="2026-01-01T00:00:00Z", merge_commit_sha=sha)


@pytest.mark.parametrize("method", ["squash", "merge", "rebase"])
async def test_a_pull_request_lands_as_it_was_approved(soil: Soil, method: str):
    number = await soil.pull("topic", {"b.txt": "b\n"})
    sha = soil.merge(number, method)
    assert await soil.record() == 1
    traced = await soil.trace(sha)
    (fact,) = traced.landings
    assert (fact.pull, fact.approved, fact.security, fact.still_enough) == (number, True, True, True)
    assert (traced.origin, traced.origin_sha) == ("baseline", soil.first)
    assert await soil.record() == 0, "nothing is new"


async def test_it_lands_as_approved_on_a_base_that_has_moved(soil: Soil):
    one, two = await soil.pull("one", {"b.txt": "b\n"}), await soil.pull("two", {"c.txt": "c\n"})
    soil.merge(one)
    sha = soil.merge(two)
    await soil.record()
    assert await landings(soil, sha) == [(one, True), (two, True)]


@pytest.mark.parametrize("status", ["blocked", "pending", "error"])
async def test_a_merge_past_the_gate_is_not_approved(soil: Soil, status: str):
    number = await soil.pull("topic", {"b.txt": "b\n"}, status=status)
    sha = soil.merge(number)
    await soil.record()
    (fact,) = (await soil.trace(sha)).landings
    assert (fact.approved, f"It is {status}" in fact.reason) == (False, True)


async def test_an_approval_of_an_older_head_or_of_another_branch_is_none(soil: Soil):
    number = await soil.pull("topic", {"b.txt": "b\n"})
    soil.start("topic", "origin/topic")
    soil.commit({"b.txt": "newer\n"}, "topic")
    sha = soil.merge(number)
    soil.start("next")
    soil.push("next")
    other = await soil.pull("other", {"c.txt": "c\n"}, base="next")
    soil.call("PATCH", f"pulls/{other}", {"base": "main"})
    last = soil.merge(other)
    await soil.record()
    assert await landings(soil, last) == [(number, False), (other, False)]
    assert "no decision" in (await soil.trace(sha)).landings[0].reason


async def test_a_commit_that_names_a_pull_request_but_holds_something_else_is_refused(soil: Soil):
    """Somebody merges by hand and puts something else into the merge commit; GitHub shows it as merged."""
    number = await soil.pull("topic", {"b.txt": "b\n"})
    soil.start("main")
    run_git(soil.clone, "merge", "--quiet", "--no-ff", "--no-commit", "origin/topic")
    evil = soil.commit({"b.txt": "b\n", "evil.txt": "EVIL\n"}, "main")
    merged_as(soil, number, evil)
    await soil.record()
    (fact,) = (await soil.trace(evil)).landings
    assert (fact.pull, fact.approved, fact.reason) == (
        number,
        False,
        f"what landed is not what #{number} held when it was judged",
    )


async def test_what_is_pushed_between_merges_stands_by_itself(soil: Soil):
    one = await soil.pull("one", {"b.txt": "b\n"})
    soil.merge(one)
    soil.start("main")
    pushed = soil.commit({"p.txt": "p\n"}, "main")
    two = await soil.pull("two", {"c.txt": "c\n"})
    sha = soil.merge(two)
    await soil.record()
    assert await landings(soil, sha) == [(one, True), (None, False), (two, True)]
    assert await landings(soil, sha, pushed) == [(two, True)], "no further than what was let in"
    assert (await soil.trace(sha, pushed)).origin == "deployed"


async def test_more_than_anybody_looks_through_is_refused_as_one(soil: Soil, monkeypatch):
    monkeypatch.setattr(landing, "_MOST", 2)
    soil.merge(await soil.pull("one", {"b.txt": "b\n"}))
    sha = soil.merge(await soil.pull("two", {"c.txt": "c\n"}))
    await soil.record()
    assert await landings(soil, sha) == [(1, True), (2, True)]
    for name in ("three", "four", "five"):
        sha = soil.merge(await soil.pull(name, {f"{name}.txt": name}))
    await soil.record()
    *before, fact = (await soil.trace(sha)).landings
    assert [each.approved for each in before] == [True, True]
    assert (fact.pull, fact.approved, fact.reason) == (None, False, "more than 2 commits came at once")


async def test_what_takes_a_push_back_is_seen_also_with_something_between(soil: Soil):
    soil.start("main")
    pushed = soil.commit({"p.txt": "p\n"}, "main")
    soil.merge(await soil.pull("one", {"b.txt": "b\n"}))
    soil.start("back")
    run_git(soil.clone, "revert", "--no-edit", pushed)
    head = soil.push("back")
    number = int(soil.call("POST", "pulls", {"head": "back", "base": "main", "title": "Back"})["number"])
    await soil.decide(number, head)
    sha = soil.merge(number)
    await soil.record()
    stray, _, back = (await soil.trace(sha)).landings
    assert (stray.undone_by, back.after_sha, back.undone_by) == (sha, sha, None)


async def test_a_merge_that_github_tells_late_of_is_judged_again(soil: Soil):
    number = await soil.pull("topic", {"b.txt": "b\n"})
    sha = soil.merge(number)
    pull = soil.stage.world.repositories[soil.repo.id].issues[number]["pull"]
    pull["merge_commit_sha"] = None
    await soil.record()
    assert await landings(soil, sha) == [(None, False)]
    pull["merge_commit_sha"] = sha
    assert await soil.record() == 1
    assert await landings(soil, sha) == [(number, True)]


async def test_a_forced_push_back_and_on_is_judged_from_where_histories_part(soil: Soil):
    number = await soil.pull("topic", {"b.txt": "b\n"})
    kept = soil.merge(number)
    await soil.record()
    soil.start("main")
    soil.commit({"p.txt": "p\n"}, "main")
    await soil.record()
    soil.start("main", kept)
    other = soil.commit({"q.txt": "q\n"}, "main")
    await soil.record()
    assert await landings(soil, other) == [(number, True), (None, False)]


async def test_another_history_in_the_branch_s_place_is_never_approved(soil: Soil):
    run_git(soil.clone, "checkout", "--quiet", "--orphan", "other")
    soil.commit({"evil.txt": "EVIL\n"}, "main")
    await soil.record()
    number = await soil.pull("topic", {"b.txt": "b\n"})
    sha = soil.merge(number)
    await soil.record()
    assert await landings(soil, sha) == [(None, False), (number, True)]


async def test_a_release_branch_begins_where_it_left_the_default_one(soil: Soil):
    one = await soil.pull("one", {"b.txt": "b\n"})
    soil.merge(one)
    await soil.record()
    soil.start("release")
    soil.push("release")
    fix = await soil.pull("fix", {"c.txt": "c\n"}, base="release")
    soil.merge(fix)
    soil.start("release", "origin/release")
    sha = soil.commit({"p.txt": "p\n"}, "release")
    await soil.record("release")
    there = ("release", "main")
    assert await landings(soil, sha, branches=there) == [(one, True), (fix, True), (None, False)]


async def test_what_was_approved_for_another_branch_is_not_approved_by_moving_there(soil: Soil):
    """Main is moved forward to where `next` stands, whose pull requests were judged by the policy of `next`."""
    soil.start("next")
    soil.push("next")
    number = await soil.pull("topic", {"b.txt": "b\n"}, base="next")
    sha = soil.merge(number)
    await soil.record("next")
    soil.start("main", "origin/next")
    soil.push("main")
    await soil.record()
    assert await landings(soil, sha, branches=("main",)) == [(None, False)]


async def test_a_commit_in_the_middle_or_beside_the_branch_is_on_no_record(soil: Soil):
    soil.start("main")
    middle = soil.commit({"p.txt": "p\n"}, "main")
    soil.commit({"q.txt": "q\n"}, "main")
    number = await soil.pull("topic", {"b.txt": "b\n"})
    head = soil.call("GET", f"pulls/{number}")["head"]["sha"]
    soil.merge(number, "merge")
    await soil.record()
    assert (await soil.trace(middle)).origin == "gap"
    assert (await soil.trace(head)).origin == "gap"
    assert (await soil.trace(soil.first)).origin == "baseline"


async def test_a_push_that_comes_first_says_where_the_record_begins(soil: Soil):
    """As on a repository whose first event is a push: what it brought is judged."""
    async with work(soil.services.database) as db:
        await db.execute(delete(tables.landings))
    number = await soil.pull("topic", {"b.txt": "b\n"})
    sha = soil.merge(number)
    assert await soil.record(began=soil.first) == 1
    assert await landings(soil, sha) == [(number, True)]


async def test_a_branch_that_is_gone_has_nothing_to_record(soil: Soil):
    assert await soil.record("gone") == 0


@pytest.mark.parametrize("before", [{}, {"p.txt": "p\n"}], ids=["alone", "behind a push"])
async def test_a_rebase_of_several_commits_lands_as_one(soil: Soil, before: dict[str, str]):
    """The last commit alone holds all of it, too: what stands before it is a part of the same change."""
    soil.start("topic", "origin/main")
    soil.commit({"b.txt": "b\n"}, "topic")
    head = soil.commit({"c.txt": "c\n"}, "topic")
    number = int(soil.call("POST", "pulls", {"head": "topic", "base": "main", "title": "Two"})["number"])
    await soil.decide(number, head)
    soil.start("main")
    pushed = [soil.commit({name: text}, "main") for name, text in before.items()]
    soil.commit({"b.txt": "b\n"}, "main")
    sha = soil.commit({"c.txt": "c\n"}, "main")
    merged_as(soil, number, sha)
    await soil.record()
    assert await landings(soil, sha) == [*((None, False) for _ in pushed), (number, True)]


async def test_a_stacked_pull_request_lands_as_it_was_reviewed_or_not_at_all(soil: Soil):
    """It holds the fix of another one and takes it back, which no diff against main showed before the fix landed."""
    fix = await soil.pull("fix", {"a.txt": "mended\n"})
    soil.start("back", "origin/fix")
    head = soil.commit({"a.txt": "".join(f"line {number}\n" for number in range(20)), "n.txt": "n\n"}, "back")
    back = int(soil.call("POST", "pulls", {"head": "back", "base": "main", "title": "Back"})["number"])
    await soil.decide(back, head)
    soil.merge(fix, "merge")
    sha = soil.merge(back, "merge")
    await soil.record()
    assert await landings(soil, sha) == [(fix, True), (back, False)]


async def test_what_changes_nothing_in_the_end_is_in_nobody_s_way(soil: Soil):
    """A commit without a change, and a push that the next push takes back: no pull request could undo them."""
    soil.start("main")
    soil.commit({}, "main")
    await soil.record()
    pushed = soil.commit({"p.txt": "p\n"}, "main")
    await soil.record()
    run_git(soil.clone, "revert", "--no-edit", pushed)
    soil.push("main")
    number = await soil.pull("topic", {"b.txt": "b\n"})
    sha = soil.merge(number)
    await soil.record()
    traced = (await soil.trace(sha)).landings
    assert [(each.approved, each.without_effect) for each in traced] == [(False, True)] * 3 + [(True, False)]

"""Pushing: done once, found again, refused for a reason that is told, and never over what somebody else has there."""

import pytest

from app.forge.errors import NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.forge.git import commit_tree
from app.policy.values import Repo, Sha

BRANCH = "quorum/issue-1-x"
AUTHOR = "quorum[bot] <5+quorum[bot]@users.noreply.github.com>"


@pytest.fixture
async def commit(installed):
    """A commit of ours in the mirror, on top of main."""
    base = await installed.mirrors.fetch(installed.repo, "refs/heads/main")
    mirror = installed.mirrors.path(installed.repo)
    return await commit_tree(mirror, f"{base}^{{tree}}", [base], "Mend it\n", AUTHOR, 1_800_000_000)


def tip(at, branch=BRANCH):
    return at.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


async def test_a_push_is_found_after_it_was_done_and_not_before(installed, commit):
    effect = installed.mirrors.push(installed.repo, commit, BRANCH, None)
    assert await effect.find() is None
    assert await effect.do() == await effect.find() == await effect.do() == {"commit": commit}
    assert tip(installed) == commit


async def test_an_answer_that_got_lost_after_the_push_leaves_it_found(installed, commit):
    effect = installed.mirrors.push(installed.repo, commit, BRANCH, None)
    installed.bad_gateway(after=True, path="git-receive-pack$")
    with pytest.raises(UnknownOutcomeError):
        await effect.do()
    assert await effect.find() == {"commit": commit}
    assert await effect.do() == {"commit": commit}


async def test_a_push_that_took_too_long_is_unknown_and_can_be_done_again(installed, commit, monkeypatch):
    effect = installed.mirrors.push(installed.repo, commit, BRANCH, None)
    with monkeypatch.context() as patch:
        patch.setattr("app.forge.mirrors._TRANSFER_S", 0.0)
        with pytest.raises(UnknownOutcomeError, match="too long"):
            await effect.do()
        with pytest.raises(UnknownOutcomeError, match="too long"):
            await installed.mirrors.fetch(installed.repo, "refs/heads/main")
    assert await effect.do() == {"commit": commit}


@pytest.mark.parametrize("expected", [None, "1" * 40, "main"], ids=["not there", "elsewhere", "at main"])
async def test_what_somebody_else_pushed_is_not_overwritten(installed, commit, expected):
    theirs = installed.commit({"b.txt": b"theirs\n"}, branch=BRANCH)
    lease = Sha(installed.git("rev-parse", "main")) if expected == "main" else expected
    with pytest.raises(RefusedError, match="somebody else") as caught:
        await installed.mirrors.push(installed.repo, commit, BRANCH, lease).do()
    assert caught.value.status == 409
    assert tip(installed) == theirs


async def test_a_branch_that_somebody_deleted_is_not_made_again(installed, commit):
    base = Sha(installed.git("rev-parse", "main"))
    with pytest.raises(RefusedError) as caught:
        await installed.mirrors.push(installed.repo, commit, BRANCH, base).do()
    assert caught.value.status == 409
    assert not tip(installed)


async def test_a_branch_moves_on_from_where_it_was_left(installed, commit):
    await installed.mirrors.push(installed.repo, commit, BRANCH, None).do()
    mirror = installed.mirrors.path(installed.repo)
    later = await commit_tree(mirror, f"{commit}^{{tree}}", [commit], "More\n", AUTHOR, 1_800_000_001)
    await installed.mirrors.push(installed.repo, later, BRANCH, commit).do()
    assert tip(installed) == later


async def test_a_push_that_protection_declines_says_so(installed, commit):
    hook = installed.repository.path / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho 'GH006: Protected branch update failed' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(RefusedError, match="GH006") as caught:
        await installed.mirrors.push(installed.repo, commit, BRANCH, None).do()
    assert caught.value.status == 403
    assert not tip(installed)


@pytest.mark.parametrize(
    ("status", "kind"), [(403, RefusedError), (404, NotFoundError), (429, RateLimitedError), (503, UnknownOutcomeError)]
)
async def test_a_refusal_at_the_door_is_told_by_its_kind(installed, commit, status, kind):
    fault = {"method": "GET", "path": "/info/refs$", "status": status, "times": None}
    installed.faults(fault)
    with pytest.raises(kind):
        await installed.mirrors.fetch(installed.repo, "refs/heads/main")


async def test_a_token_that_git_was_refused_is_asked_for_anew(installed):
    tokens = installed.stage.world.tokens
    for token in [each for each in tokens if each.startswith("ghs_")]:
        del tokens[token]
    first = await installed.forge.tokens.installation_token(
        installed.repo.installation_id, installed.repo.id, {"contents": "read", "metadata": "read"}
    )
    held = installed.stage.world.tokens.pop(first)
    with pytest.raises(UnknownOutcomeError):
        await installed.mirrors.fetch(installed.repo, "refs/heads/main")
    assert await installed.mirrors.fetch(installed.repo, "refs/heads/main")
    assert held.actor.app.id == installed.stage.app_id


async def test_a_branch_of_another_name_that_ends_alike_is_not_taken_for_it(installed):
    installed.commit({"x.txt": b"x\n"}, branch="a/refs/heads/only")
    other = installed.commit({"y.txt": b"y\n"}, branch="a/refs/heads/main")
    main = installed.git("rev-parse", "main")
    assert other != main
    assert await installed.mirrors.remote_ref(installed.repo, "refs/heads/main") == main
    assert await installed.mirrors.remote_ref(installed.repo, "refs/heads/only") is None


@pytest.mark.parametrize("branch", ["-x", "a..b", "a b", "", "a\nb", "refs/../x", "a~1", "x:y", "+x", "a" * 300])
async def test_a_name_that_no_branch_of_ours_has_is_refused_before_anything_is_asked(installed, branch):
    asked = installed.forge.requests
    with pytest.raises(ValueError, match="not a name"):
        installed.mirrors.push(installed.repo, Sha("1" * 40), branch, None)
    assert installed.forge.requests == asked


async def test_what_is_not_there_is_told_so(installed):
    with pytest.raises(NotFoundError):
        await installed.mirrors.fetch(installed.repo, "refs/heads/none")
    gone = Repo(installed.repo.installation_id, installed.repo.id, "mona", "no-such-repository")
    with pytest.raises(NotFoundError):
        await installed.mirrors.fetch(gone, "refs/heads/main")


async def test_a_folder_of_branches_may_take_the_place_of_a_branch(installed):
    mirrors, repo = installed.mirrors, installed.repo
    installed.commit({"a.txt": b"1\n"}, branch="release")
    await mirrors.fetch(repo, "refs/heads/release")
    installed.git("update-ref", "-d", "refs/heads/release")
    later = installed.commit({"a.txt": b"2\n"}, branch="release/2")
    assert await mirrors.fetch(repo, "refs/heads/release/2") == later


async def test_a_rewritten_branch_is_fetched_as_it_is_now(installed):
    before = await installed.mirrors.fetch(installed.repo, "refs/heads/main")
    after = installed.commit({"z.txt": b"z\n"}, branch="main")
    assert await installed.mirrors.fetch(installed.repo, "refs/heads/main") == after != before

"""What git's last words mean, in words that git and GitHub are known to use."""

import pytest

from app.forge.errors import NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.forge.giterrors import error_of_git, refuses_token
from app.gitcmd import GitError

TO = "To https://github.com/mona/engine.git\n"
STALE = f"{TO} ! [rejected]        1111 -> quorum/x (stale info)\nerror: failed to push some refs to '...'\n"
RACE = f"{TO} ! [remote rejected] 1111 -> quorum/x (cannot lock ref 'refs/heads/x': is at 2 but expected 1)\n"
RULE = (
    "remote: error: GH013: Repository rule violations found for refs/heads/quorum/x.        \n"
    "remote: - Changes must be made through a pull request.        \n"
    f"{TO} ! [remote rejected] 1111 -> quorum/x (push declined due to repository rule violations)\n"
)
WORKFLOW = (
    f"{TO} ! [remote rejected] 1111 -> quorum/x (refusing to allow a GitHub App to create or update workflow "
    "`.github/workflows/ci.yml` without `workflows` permission)\n"
)


def failed(stderr):
    return GitError(["push"], 128, stderr)


@pytest.mark.parametrize(
    ("stderr", "kind", "status"),
    [
        (STALE, RefusedError, 409),
        (RACE, RefusedError, 409),
        (RULE, RefusedError, 403),
        (WORKFLOW, RefusedError, 403),
        (f"{TO} ! [remote rejected] 1111 -> x (Internal Server Error)\n", UnknownOutcomeError, None),
        ("fatal: unable to access 'https://...': The requested URL returned error: 403\n", RefusedError, 403),
        ("fatal: unable to access 'https://...': The requested URL returned error: 429\n", RateLimitedError, None),
        ("fatal: unable to access 'https://...': The requested URL returned error: 500\n", UnknownOutcomeError, None),
        ("fatal: unable to access 'https://...': Could not resolve host: github.com\n", UnknownOutcomeError, None),
        ("error: RPC failed; HTTP 502 curl 22\nfatal: the remote end hung up\n", UnknownOutcomeError, None),
        ("fatal: couldn't find remote ref refs/heads/gone\n", NotFoundError, None),
        ("remote: Repository not found.\nfatal: repository 'https://...' not found\n", NotFoundError, None),
        ("fatal: Authentication failed for 'https://...'\n", UnknownOutcomeError, None),
        ("", UnknownOutcomeError, None),
    ],
)
def test_each_failure_has_one_meaning(stderr, kind, status):
    error = error_of_git("x could not be pushed", failed(stderr))
    assert type(error) is kind
    assert getattr(error, "status", None) == status
    assert str(error).startswith("x could not be pushed: ")


def test_a_rule_that_declined_is_told_in_githubs_words():
    assert "GH013: Repository rule violations" in str(error_of_git("x", failed(RULE)))
    assert "through a pull request" in str(error_of_git("x", failed(RULE)))


def test_what_took_too_long_may_have_been_done():
    assert error_of_git("x", TimeoutError()).unknown


@pytest.mark.parametrize(
    "stderr",
    ["fatal: Authentication failed for 'https://x'", "fatal: could not read Username for 'https://x': disabled"],
)
def test_a_token_is_blamed_only_where_it_was_refused(stderr):
    assert refuses_token(failed(stderr))
    assert not refuses_token(failed(STALE))
    assert not refuses_token(TimeoutError())

"""What git's last words mean when a fetch or a push did not work. Pure. The words are git's own in the C locale."""

import re
import time

from app.forge.errors import ForgeError, NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.gitcmd import GitError

_WAIT_S = 60.0
_STALE = re.compile(r"stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|already exists")
"""The branch is not where the lease says, or moved while the push was under way."""
_THEIR_FAULT = re.compile(r"Internal Server Error|unpacker error|Something went wrong", re.IGNORECASE)
_REJECTED = re.compile(r"^ ! \[(?:remote )?rejected\].*$", re.MULTILINE)
_REASON = re.compile(r"^remote: (.*)$", re.MULTILINE)
_STATUS = re.compile(r"The requested URL returned error: (\d{3})")
_NO_TOKEN = re.compile(r"Authentication failed|could not read (?:Username|Password)")
_NOT_THERE = re.compile(r"couldn't find remote ref|not our ref|repository '.*' not found|Repository not found")


def refuses_token(error: GitError | TimeoutError) -> bool:
    """Whether GitHub would not know the token, so that another should be asked for."""
    return isinstance(error, GitError) and bool(_NO_TOKEN.search(error.stderr))


def error_of_git(told: str, error: GitError | TimeoutError) -> ForgeError:
    """The error that a failed transfer stands for. What may have been done all the same is unknown."""
    if isinstance(error, TimeoutError):
        return UnknownOutcomeError(f"{told}: git took too long")
    words = error.stderr.strip()[-300:]
    rejected = _REJECTED.search(error.stderr)
    if rejected and not _THEIR_FAULT.search(rejected[0]):
        return _rejection(told, rejected[0], error.stderr)
    status = _STATUS.search(error.stderr)
    if status and status[1] == "429":
        return RateLimitedError(f"{told}: GitHub asks to wait", time.time() + _WAIT_S)
    if status and status[1] == "403":
        return RefusedError(f"{told}: GitHub will not allow it: {words}", 403)
    if _NOT_THERE.search(error.stderr):
        return NotFoundError(f"{told}: it is not there")
    return UnknownOutcomeError(f"{told}: {words}")


def _rejection(told: str, line: str, stderr: str) -> RefusedError:
    if _STALE.search(line):
        return RefusedError(f"{told}: somebody else has pushed to it; nothing was overwritten", 409)
    # GitHub's reasons, such as a rule that declined, come on lines of their own before git's.
    reasons = " ".join(part.strip() for part in _REASON.findall(stderr))
    return RefusedError(f"{told}: GitHub will not take it: {reasons[:600]} {line.strip()}", 403)

"""Going on where a run was not before: another machine, or this one with an empty data folder.

The journal names commits, and the mirror here may have none of them. What was pushed, or is a pull request's, is
fetched from GitHub by its name. What lay on the lost machine only is lost, and a run that needs it ends and says so.
"""

import re
from collections.abc import Iterator, Sequence

from app.forge.errors import NotFoundError, RefusedError
from app.gitcmd import GitError
from app.policy.values import JsonValue
from app.runs.drive import WorkflowFunction
from app.runs.engine import Context
from app.runs.errors import THEN, RunError
from app.wiring import Services

_OBJECT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_LOST = (
    "What it had made and not pushed yet lay on a machine or in a data folder that is gone "
    f"({{}} and {{}} more objects of git).{THEN}Ask for it again."
)


def anywhere(workflow: WorkflowFunction[Services]) -> WorkflowFunction[Services]:
    """The same, with what its journal names in the mirror here before it goes on."""

    async def go_on(ctx: Context, services: Services) -> None:
        lost = await _bring_back(ctx, services)
        try:
            await workflow(ctx, services)
        except BaseException as error:
            if lost and _is_of_git(error):
                raise RunError(_LOST.format(lost[0][:12], len(lost) - 1)) from error
            raise

    return go_on


async def _bring_back(ctx: Context, services: Services) -> Sequence[str]:
    """Raises forge errors that pass; of what GitHub refuses or does not have, what is missing here is returned."""
    named = list(dict.fromkeys(name for value in await ctx.past() for name in objects_in(value)))
    if not named:
        return ()
    try:
        return await services.mirrors.bring(ctx.run.repo, named)
    except (RefusedError, NotFoundError):
        return ()  # the workflow meets the same, and knows what to say of it


def _is_of_git(error: BaseException) -> bool:
    """Whether nothing else went wrong, however many did so side by side."""
    if isinstance(error, BaseExceptionGroup):
        return error.split(GitError)[1] is None
    return isinstance(error, GitError)


def objects_in(value: JsonValue) -> Iterator[str]:
    """Names of git's objects that stand anywhere in a value as words of their own."""
    if isinstance(value, str):
        yield from _OBJECT.findall(value)
    elif isinstance(value, list):
        for each in value:
            yield from objects_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from objects_in(each)

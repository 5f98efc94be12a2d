"""The tests as reviewers are told of them: by the policy's command, else by the one that the work on it found out.

What a command that was only found out says is for readers alone: the gate counts what the policy names.
"""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from app.agents.cut import last_lines
from app.forge.read import PullFacts
from app.knowledge.suites.proof import what_it_proves
from app.policy.render import code
from app.policy.testlogs.subtests import not_failing
from app.policy.testlogs.unit import how_many
from app.runs.engine import Context
from app.sandbox.box import Limits
from app.store import tended
from app.wiring import Services
from app.workflows.change import Change
from app.workflows.journalled import journalled
from app.workflows.testing import Tests, look, look_back
from app.workflows.understood import TestCommand
from app.workflows.workshop import Workshop

FOUND_STEP = "test-command"
"""The step of a solving run that holds the command by which it ran the tests."""
_OUTPUT_CHARS, _PASSED_CHARS = 1500, 400
_NAMED = 20
_LIMITS = Limits(wall_s=300, cpu_s=600, output_bytes=1024**2)
_BY_POLICY = "Quorum ran them in its sandbox at {head}, by the command that the project's policy names."
_FOUND_OUT = (
    "Quorum ran them in its sandbox at {head} for those who review. The policy names no command: this one was found "
    "out when the change was made and proved by running it, and the gate does not count it."
)
_FOUND = "which was found out when the change was made; the policy names none, and the gate does not count it"


@dataclass(frozen=True)
class ToldTests:
    """`ran`: who ran them, when and by which right, in words of ours; empty where nothing was run.

    `now`: what they gave at the head, `before`: what the change's own tests gave on the code before it, as text with
    the command. `failed`: at the head; `proved`: they passed there, and what they printed shows that tests ran.
    `in_short` is for people.
    """

    ran: str = ""
    now: str = ""
    before: str = ""
    failed: bool = False
    command: str = ""
    in_short: str = ""
    proved: bool = False


def tell_configured(command: str | None, change: Change, tests: Tests, old_tests: Tests) -> ToldTests:
    """Of the policy's own command; of none, nothing."""
    return _tell(_BY_POLICY, command, change, (tests, old_tests)) if command is not None else ToldTests()


async def tell_found(
    ctx: Context, services: Services, pull: PullFacts, change: Change, workshop: Workshop
) -> ToldTests:
    """Of an own pull request: run the command that was found out when it was made; nothing where there is none.

    The command is one of ours and stands in our journal: nothing that the pull request says chooses it.
    """
    if pull.author != services.forge.login or not pull.from_here:
        return ToldTests()
    command = await journalled(ctx, "found-command", str, lambda: _find(ctx, services, pull.head_ref))
    if not command:
        return ToldTests()
    now = await journalled(ctx, "tests-found", Tests, lambda: look(services, command, workshop, limits=_LIMITS))

    async def back() -> Tests:
        return await look_back(services, command, workshop, change.base, _LIMITS)

    before = await journalled(ctx, "tests-found-old-code", Tests, back)
    told = _tell(_FOUND_OUT, command, change, (now, before))
    return replace(told, in_short=f"{now.line}, by {code(command)}, {_FOUND}")


async def _find(ctx: Context, services: Services, branch: str) -> str:
    async with services.database.connect() as db:
        origin = await tended.find_origin(db, ctx.run.repo.id, branch)
        value = None if origin is None else await tended.step_value(db, origin.run_id, FOUND_STEP)
    if value is None:
        return ""  # it was made by a version that kept no such step
    told = TypeAdapter(TestCommand).validate_python(value)
    return (told.command or "") if told.found_by else ""


def _tell(words: str, command: str, change: Change, both: tuple[Tests, Tests]) -> ToldTests:
    now, before = both
    proof = what_it_proves(now.output, now.exit_code, now.ended, now.seconds)
    return ToldTests(
        ran=words.format(head=f"`{change.head[:12]}`"),
        now=_shown(command, now),
        before=f"{_shown(command, before)}{_passing(before)}",
        failed=now.result == "failed",
        command=command,
        in_short=now.line,
        proved=now.result == "passed" and proof.ran and proof.certain,
    )


def _shown(command: str, tests: Tests) -> str:
    room = _PASSED_CHARS if tests.result == "passed" else _OUTPUT_CHARS
    return f"$ {command}\n{tests.line}{how_many(tests.log)}\n\n{last_lines(tests.output, room)}".strip()


def _passing(before: Tests) -> str:
    names = not_failing(before.added, before.log)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"\n\nNew tests that do not fail there: {', '.join(names[:_NAMED])}{more}" if names else ""

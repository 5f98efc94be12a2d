"""How the tests are run, proved by running them once before anything is changed."""

from collections.abc import Sequence

from app.knowledge.suites.candidate import Candidate
from app.knowledge.suites.proof import what_it_proves, why_it_cannot_run
from app.policy.render import code
from app.runs.engine import Context
from app.sandbox.box import Limits
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import journalled
from app.workflows.testing import Tests, look, run_tests
from app.workflows.texts import brief
from app.workflows.understood import TestCommand
from app.workflows.workshop import Workshop

_LIMITS = Limits(wall_s=300, cpu_s=600, output_bytes=12_000)
_TOGETHER_S = 600.0
"""For all tries; after that long none is begun."""
_NOTHING = Tests("not_configured", "no test command is configured, and none was found out", "")


async def prove_tests(
    ctx: Context, services: Services, configured: str | None, found: Sequence[Candidate], workshop: Workshop
) -> tuple[TestCommand, Tests]:
    """The command by which the tests are run, and their result on the code as it is.

    The policy's own is taken as it is; raises `NeedsPersonError` where it cannot tell anything, whatever is changed.
    Of those that were only `found`, the first counts that really runs tests; where none surely does, the first that
    ends well.
    """
    if configured is not None:
        before = await run_tests(ctx, services, "tests-before", configured, workshop)
        _insist(configured, before)
        return TestCommand(configured), before
    tried: list[str] = []
    perhaps: tuple[TestCommand, Tests] | None = None
    spent_s = 0.0
    for number, each in enumerate(found, start=1):
        if spent_s >= _TOGETHER_S:
            tried.append(f"no more were tried after {spent_s:.0f} s")
            break
        tests = await _try(ctx, services, f"tests-tried-{number}", each, workshop)
        spent_s += tests.seconds
        workshop.worked_s += tests.seconds
        proof = what_it_proves(tests.output, tests.exit_code, tests.ended, tests.seconds)
        if proof.ran and proof.certain:
            return TestCommand(each.command, each.why, tuple(tried)), tests
        if proof.ran:
            perhaps = perhaps or (TestCommand(each.command, each.why, tuple(tried)), tests)
        tried.append(f"{each.command}: {proof.why or 'it ended well, but nothing shows that tests ran'}")
    return perhaps or (TestCommand(None, tried=tuple(tried)), _NOTHING)


async def _try(ctx: Context, services: Services, name: str, each: Candidate, workshop: Workshop) -> Tests:
    return await journalled(ctx, name, Tests, lambda: look(services, each.command, workshop, limits=_LIMITS))


def _insist(command: str, before: Tests) -> None:
    """Tests that fail can be mended by a change, and are worked with; those that cannot run at all prove nothing."""
    why = why_it_cannot_run(before.output, before.exit_code, before.ended, before.seconds)
    if before.result == "failed" and why:
        raise NeedsPersonError(
            f"The policy's test command {code(command)} cannot be run on the code as it is: {brief(why)}.",
            "Let `test` in `.github/quorum.yml` name a command that ends within ten minutes in a sandbox without a "
            "network, and `setup` what installs all that it needs; then start the work again.",
        )

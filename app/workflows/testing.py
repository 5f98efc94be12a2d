"""Running the policy's test command, in the sandbox, as a step."""

from dataclasses import dataclass

from app.policy.facts import TestResult
from app.runs.engine import Context
from app.sandbox.box import Limits
from app.wiring import Services
from app.workflows.journalled import journalled
from app.workflows.workshop import Workshop

_LIMITS = Limits(wall_s=600, cpu_s=1200, output_bytes=12_000)


@dataclass(frozen=True)
class Tests:
    """`line` says it in one line, `output` is the end of what was printed."""

    result: TestResult
    line: str
    output: str


async def run_tests(ctx: Context, services: Services, name: str, command: str | None, workshop: Workshop) -> Tests:
    """The result for the files as they are; run once for this run of Quorum."""
    return await journalled(ctx, name, Tests, lambda: look(services, command, workshop))


async def look(services: Services, command: str | None, workshop: Workshop) -> Tests:
    """Run the command on the files as they are; what it leaves lying about is taken away again."""
    if command is None:
        return Tests("not_configured", "no test command is configured", "")
    worktree = await workshop.lay_out()
    result = await services.box.run(["sh", "-c", command], worktree=worktree, limits=_LIMITS)
    await workshop.put_back()
    how = "passed" if result.ok else f"failed (exit code {result.exit_code})"
    if result.ended != "exit":
        how = f"did not end by itself ({result.ended} after {result.seconds:.0f} s)"
    return Tests("passed" if result.ok else "failed", how, result.output[-6000:])

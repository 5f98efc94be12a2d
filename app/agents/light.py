"""One short reading of a trivial change that answers for several perspectives: one conversation instead of five.

It can only spare work where there is none. Each perspective gets a verdict of its own, and one that is not a sure
approval, or is missing, counts for nothing: that perspective then reads the change by itself, as it would have. So what
misleads this reading into doubt costs money, and what could mislead it into approval is kept away by
`app.policy.trivial`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from app.agents.council import Bench, Faults, Opinion
from app.agents.loop import Brief, run_agent
from app.agents.pack import Packed
from app.agents.roles import load_role
from app.agents.tool import AgentTool, ToolOutput
from app.agents.views import view_of
from app.policy.finding import Report

ROLE = "light"
_SURE = 0.7
"""What is less sure is read by a reviewer of its own."""


class OneReport(Report):
    """What one perspective says."""

    perspective: str = Field(max_length=100)


class Reports(BaseModel):
    """Hand in your reviews, one for each perspective that you were asked for. Findings quote changed lines exactly."""

    model_config = ConfigDict(extra="forbid")
    reports: list[OneReport] = Field(min_length=1, max_length=20)


class Light(NamedTuple):
    """What is read lightly, and `why` that is enough, in words of ours."""

    packed: Packed
    why: str


async def read_lightly(bench: Bench, light: Light, asked: Sequence[str], faults: Faults) -> dict[str, Opinion]:
    """The sure approvals, by perspective; those of `asked` that are not among them have to read for themselves."""
    role = load_role("roles", ROLE)
    shared, part = light.packed.shown(light.packed.parts[0])
    views = {name: view_of(name, bench.words) for name in asked}
    tasks = [f"`{name}`:\n\n{each.task}" for name, each in views.items()]
    told = "\n\n".join(["Review the change above from each of these perspectives, by itself:", *tasks])
    brief = Brief(
        name="review-lightly",
        role=ROLE,
        system=role.prompt,
        shared=shared,
        part=part,
        task=f"{told}\n\nEnd with `reports`; the perspectives are named {', '.join(asked)}.",
        max_turns=role.about.max_turns,
    )
    tools = [*bench.reading_tools(*(each.reads for each in views.values())), _reports_tool(faults)]
    outcome = await run_agent(brief, model=bench.model, tools=tools, steps=bench.steps)
    if outcome.value is None:
        return {}
    given = Reports.model_validate(outcome.value).reports
    times = Counter(each.perspective for each in given)
    sure = {each.perspective: each for each in given if times[each.perspective] == 1 and _is_sure(each)}
    return {name: _opinion(sure[name], outcome.model, light.why) for name in asked if name in sure}


def _is_sure(report: Report) -> bool:
    return (
        report.verdict == "approve"
        and report.confidence >= _SURE
        and not any(each.severity.blocks for each in report.findings)
    )


def _opinion(given: OneReport, model: str, why: str) -> Opinion:
    """Whoever sees the verdict sees how it came about."""
    report = Report.model_validate(given.model_dump(exclude={"perspective"}))
    summary = f"{report.summary} (Read once for several perspectives: {why}.)"
    return Opinion(report.model_copy(update={"summary": summary}), model, light=True)


def _reports_tool(faults: Faults) -> AgentTool[Reports]:
    """`faults` is told once, as to a reviewer."""

    async def take(wanted: Reports, previous: str | None) -> ToolOutput:
        found = [finding for each in wanted.reports for finding in each.findings]
        all_of_them = wanted.reports[0].model_copy(update={"findings": found})
        told = await faults(all_of_them) if previous is None else ""
        return ToolOutput(told, is_error=True) if told else ToolOutput("Noted.", ends=True)

    return AgentTool("reports", Reports, take, without=["walkthrough"])

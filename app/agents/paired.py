"""One reader for two perspectives, with a verdict for each: half the conversations where a change is small.

Prompt, tools and what they read are those of a reviewer, so that the provider has them in its cache. What is no answer
for one of the two, or no sure one, is read again for that one alone.
"""

from collections.abc import Mapping, Sequence

from app.agents.council import Bench, Faults, Opinion
from app.agents.loop import Brief, run_agent
from app.agents.pack import Packed
from app.agents.reading import read_in_parts
from app.agents.roles import load_role
from app.agents.tools.endings import ReportInput
from app.agents.views import View, view_of
from app.agents.walk import walk_task
from app.policy.finding import Report

_SURE = 0.7
"""What is less sure is read by a reviewer of its own."""
_TASK = (
    "You have two perspectives on the change above. Judge from each by itself, as two reviewers would who do not know "
    "of one another: what one of them finds takes nothing from the other's care or verdict. A fault that both see is "
    "in both reports, with the same `quote`, `category` and `suggestion`, so that it is told once. What lies outside "
    "of one of them stays out of that one's report; what lies outside of both, and is to be told all the same, stands "
    "in the first report only.\n\n{views}\n\n"
    "Review the change from both, and end with one `report`: its own fields are for {first}, and `also` holds one "
    "entry, for {second}."
)


async def read_together(bench: Bench, packed: Packed, names: Sequence[str], faults: Faults) -> dict[str, Opinion]:
    """Opinions of one or two perspectives on everything."""
    given = await _read_pair(bench, packed, names[0], names[1], faults) if len(names) > 1 else {}
    for name in names:
        if name not in given:
            given[name] = await read_in_parts(bench, packed.of(name), name, faults)
    return given


async def _read_pair(bench: Bench, packed: Packed, first: str, second: str, faults: Faults) -> dict[str, Opinion]:
    """What can be taken as it is; whoever is missing has to read alone."""
    views = {name: view_of(name, bench.words) for name in (first, second)}
    shared, part = packed.shown(packed.parts[0])
    brief = Brief(
        name=f"review-{first}-{second}",
        role=f"reviewer:{first}+{second}",
        system=load_role("roles", "reviewer").prompt,
        shared=shared,
        part=part,
        task=_TASK.format(views=_both(views), first=first, second=second)
        + "".join(walk_task(bench.walk, name) for name in views),
        max_turns=bench.effort.turns_of(max(each.max_turns for each in views.values())),
    )
    tools = [*bench.reading_tools(*(each.reads for each in views.values())), bench.report_tool(faults)]
    outcome = await run_agent(brief, model=bench.model, tools=tools, steps=bench.steps)
    if outcome.value is None:
        return {}
    told = ReportInput.model_validate(outcome.value)
    others = [each for each in told.also if each.perspective == second]
    reports = {first: told.alone, **({second: others[0].alone} if len(others) == 1 else {})}
    return {
        name: Opinion(_told(report, second if name == first else first), outcome.model, light=True)
        for name, report in reports.items()
        if _stands(report)
    }


def _both(views: Mapping[str, View]) -> str:
    """Each below the name by which its report is asked for."""
    return "\n\n".join(f"`{name}`:\n\n{each.task}" for name, each in views.items())


def _stands(report: Report) -> bool:
    """A refusal says for what; an approval is sure."""
    if any(each.severity.blocks for each in report.findings):
        return True
    return report.verdict == "approve" and report.confidence >= _SURE


def _told(report: Report, other: str) -> Report:
    """Whoever sees the verdict sees how it came about."""
    return report.model_copy(update={"summary": f"{report.summary} (Read together with {other}: the change is small.)"})

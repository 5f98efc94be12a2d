"""Who reads only what is new of a change, since they read everything of it, and on which terms.

Whoever is asked by a person, or under a policy that carries less over than the same diff, reads everything.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from app.agents.hunks import FileDiff
from app.llm.table import models_for
from app.policy.increment import why_small
from app.policy.words import words_on
from app.runs.engine import Context
from app.store import reviews
from app.wiring import Services
from app.workflows.change import Change
from app.workflows.earlier_heads import EarlierHeads
from app.workflows.journalled import journalled
from app.workflows.readings import Increment, Judged, last_reading, terms_of_reading

_MOST_KEPT = 800_000
"""Bytes of a whole plan, which is one step: the journal takes a megabyte of it, and a review would fail for more."""
_INCREMENT = TypeAdapter(Increment)


@dataclass(frozen=True)
class Plan:
    """By perspective: what it goes by; what it reads if not everything; else why."""

    terms: dict[str, str] = field(default_factory=dict)
    increments: dict[str, Increment] = field(default_factory=dict)
    why_all: dict[str, str] = field(default_factory=dict)


async def plan_reading(
    ctx: Context,
    services: Services,
    asked: Sequence[str],
    building: Collection[str],
    judged: Judged,
    change: tuple[Change, Sequence[FileDiff]],
) -> Plan:
    """Decided once for this run. `building`: who of those asked may build on what they read before."""
    (ground, policy, _), (now, files) = judged, change
    mirror, table = services.mirrors.path(ctx.run.repo), services.settings.table

    async def decide() -> Plan:
        words = words_on(policy, now.files)
        first = {name: models_for(table, f"reviewer:{name}")[0] for name in asked}
        terms = {name: terms_of_reading(judged, words, name, first[name]) for name in asked}
        plan = Plan(terms)
        small = why_small(sum(len(file.text) for file in files))
        if small is not None or not building:
            return replace(plan, why_all=dict.fromkeys(building, small or ""))
        async with services.database.connect() as db:
            given = await reviews.verdicts_of(db, ctx.run.repo.id, ctx.run.number)
            said = await reviews.findings_of(db, ctx.run.repo.id, ctx.run.number)
            examined = await reviews.examinations_of(db, ctx.run.repo.id, ctx.run.number)
        earlier = EarlierHeads(mirror, ground.base_ref, policy, now, files, examined)
        for name in building:
            reading = last_reading(given, name, terms[name], policy.min_confidence)
            found = reading if isinstance(reading, str) else await earlier.increment(reading, said)
            if isinstance(found, str):
                plan.why_all[name] = found
            elif not may_be_kept(found, len(building)):
                plan.why_all[name] = "it has too many files to remember which were read"
            else:
                plan.increments[name] = found
        return plan

    return await journalled(ctx, "readings", Plan, decide)


def may_be_kept(increment: Increment, readers: int) -> bool:
    """Whether there is room for it in a plan for so many who read on."""
    return len(json.dumps(_INCREMENT.dump_python(increment, mode="json"))) * readers <= _MOST_KEPT

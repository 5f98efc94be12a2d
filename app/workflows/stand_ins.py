"""Which models answered in place of others in a run, as its journal tells."""

from collections.abc import Iterable

from app.policy.render import code
from app.policy.values import JsonValue
from app.runs.engine import Context
from app.wiring import Services


async def stand_ins(ctx: Context, services: Services, work: str = "") -> list[str]:
    """A sentence for each model that stood in, from the journal as it is now.

    `work`: what the agents' names begin with that are asked about, `repair-1`; empty: all.
    """
    if all(len(models) == 1 for models in services.settings.table.values()):
        return []  # nobody could; a journal takes a while to read
    mine = (f"{work}.", f"{work}-") if work else ""
    return tell_stand_ins((name, step.value) for name, step in (await ctx.journal()).items() if name.startswith(mine))


def tell_stand_ins(steps: Iterable[tuple[str, JsonValue]]) -> list[str]:
    """Pure. A turn's step is named after its agent, `write.turn-3`."""
    seen: dict[tuple[tuple[str, ...], str], dict[str, None]] = {}
    for name, value in steps:
        turn = value if isinstance(value, dict) else {}
        missing = turn.get("instead_of")
        if isinstance(missing, list) and missing and ".turn-" in name:
            who = name.partition(".turn-")[0]
            seen.setdefault((tuple(map(str, missing)), str(turn.get("by"))), {})[who] = None
    return [
        f"{code(by)} answered in place of {', '.join(map(code, missing))}, which did not answer ({', '.join(agents)})."
        for (missing, by), agents in seen.items()
    ]

"""Showing by labels how a pull request stands, where the policy of its base branch wants that."""

from collections.abc import Sequence
from contextlib import suppress

from app.forge.labels import labels
from app.forge.permissions import TALK
from app.policy.decision import Decision
from app.policy.marking import Standing, labels_for, to_change
from app.policy.values import JsonValue
from app.runs.engine import Context
from app.runs.errors import EffectFailedError
from app.wiring import Services
from app.workflows.gathering import Gathered
from app.workflows.journalled import carry_out


def labels_wanted(seen: Sequence[tuple[Gathered, Decision]], number: int) -> tuple[str, ...] | None:
    """Those of ours that this pull request should have; None: nothing is to be done, as they are there or not wanted.

    By the policy in force alone: a change does not choose that it is labelled.
    """
    for gathered, decision in seen:
        if gathered.pull.number == number:
            risk = gathered.facts.risk
            standing = Standing(decision.status, risk.level if risk else None, gathered.disputed)
            wanted = labels_for(gathered.policy.labels, standing)
            if wanted is None or to_change(wanted, gathered.pull.labels) == ([], []):
                return None
            return tuple(sorted(wanted))
    return None


async def set_labels(ctx: Context, services: Services, wanted: JsonValue) -> None:
    """`wanted` as it stands in the gate's receipt. No gate waits for labels: whoever looks next mends them.

    GitHub tells us of our own labels too; what the App itself has set asks for no look (`policy.routes`).
    """
    if not isinstance(wanted, list):
        return
    names = frozenset(str(each) for each in wanted)
    with suppress(EffectFailedError):
        await carry_out(ctx, "labels", labels(services.forge.on(ctx.run.repo, TALK), ctx.run.number, names))

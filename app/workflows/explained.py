"""Why a pull request stands as it does, read now."""

from app.forge.read import PullFacts
from app.policy.terms import vetoes_of
from app.runs.engine import Context
from app.store import outcomes, reviews
from app.wiring import Services
from app.workflows.deciding import judge
from app.workflows.explaining import render_explanation, render_records
from app.workflows.gathering import gather


async def explain_pull(ctx: Context, services: Services, pull: PullFacts) -> str:
    """What the council said of it, head by head, and the gate's decision."""
    repo, number = ctx.run.repo, pull.number
    async with services.database.connect() as db:
        verdicts = await reviews.verdicts_of(db, repo.id, number)
        findings = await reviews.findings_of(db, repo.id, number)
        records = await outcomes.records_of(db, repo.id)
    gathered = await gather(services, repo, pull) if pull.state == "open" else None
    decision = judge(gathered) if gathered else None
    vetoes = vetoes_of([gathered.policy]) if gathered else frozenset()
    return "\n\n".join([render_explanation(pull, verdicts, findings, decision), *render_records(records, vetoes)])

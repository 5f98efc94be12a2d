"""`retry` in an issue: the work begins again, with the label as it is."""

from app.forge.read import IssueFacts
from app.policy.work_requests import LABEL, solve_request
from app.runs.admission import find_by_key, request_run
from app.runs.engine import Context
from app.store import audit
from app.store.work import work
from app.wiring import Services
from app.workflows.wishes import PRIORITIES, newest_wish

MAY_START = frozenset({"triage", "write", "maintain", "admin"})
"""As for the label, which takes triage permission to set."""


async def retry(ctx: Context, services: Services, issue: IssueFacts, login: str, permission: str, source: str) -> str:
    """Ask for another run and say so; said twice or done again after a crash, there is one."""
    if permission not in MAY_START:
        return f"`retry` needs triage permission on this repository, as the label does; you have {permission}."
    if issue.state != "open":
        return f"This issue is {issue.state}; reopen it to have me work on it again."
    if LABEL not in issue.labels:
        return f"This issue does not have the label `{LABEL}`; set it to have me begin."
    repo = ctx.run.repo
    async with work(services.database) as db:
        wished = await newest_wish(db, repo.id, issue.number, "priority")
        priority = PRIORITIES[wished.text if wished else "normal"]
        wish = solve_request(repo, issue.number, asker=login, cause=source, priority=priority)
        newest = await find_by_key(db, wish.dedupe_key)
        if newest is not None and newest.cause.get("cause") == source:
            return f"I begin again with #{issue.number}."
        if await request_run(db, wish) is None:
            return f"I am at work on #{issue.number} already; `@{services.forge.slug} stop` ends that."
        await audit.append(db, login, "command retry", repo.subject(issue.number), {"cause": source})
    return f"I begin again with #{issue.number}."

"""Taking back what was said in a comment. Comments are numbered as they were written, whenever they are heard of."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.applying import at_least
from app.store import statements
from app.store.statements import NO_ADVICE, Statement

WITHDRAWAL = "withdrawal"
_COMMENT = "comment:"
_CLOCKS_DIFFER_S = 60.0


async def take_back(db: AsyncConnection, subject: str, withdrawal: Statement) -> int:
    """Withdraw what was said before; returns how much of it stood until now."""
    await statements.keep(db, subject, withdrawal)
    said = await statements.statements_of(db, withdrawal.repo_id, withdrawal.pull)
    ids = [each.id for each in said if takes_back(withdrawal, each)]
    return await statements.withdraw(db, subject, ids, withdrawal.login)


async def keep_unless_taken_back(db: AsyncConnection, subject: str, said: Statement) -> None:
    """Keep it for the record; it does not stand if a later comment, which was heard of first, has taken it back."""
    await statements.keep(db, subject, said)
    known = await statements.statements_of(db, said.repo_id, said.pull)
    later = [each for each in known if each.kind == WITHDRAWAL and takes_back(each, said)]
    if later:
        await statements.withdraw(db, subject, [said.id], later[0].login)


def takes_back(withdrawal: Statement, said: Statement) -> bool:
    """One's own earlier word; a veto also by whoever maintained the repository when it was taken back.

    A button has no number among the comments; it closes no gate and opens none, so that the clocks may tell.
    """
    if said.kind == NO_ADVICE:
        mine = said.login.casefold() == withdrawal.login.casefold() and withdrawal.target in {"", said.target}
        maintained = withdrawal.target == said.target and at_least(withdrawal.permission, "maintain")
        return (mine or maintained) and said.at < withdrawal.at + _CLOCKS_DIFFER_S
    if said.kind == WITHDRAWAL or not said.id.startswith(_COMMENT) or _number(said) >= _number(withdrawal):
        return False
    target = withdrawal.target
    maintains = target == said.kind == "veto" and at_least(withdrawal.permission, "maintain")
    own = said.login.casefold() == withdrawal.login.casefold()
    return (own or maintains) and target in {"", said.kind, said.target, said.target[: len(target)]}


def _number(said: Statement) -> int:
    return int(said.id.rpartition(":")[2])

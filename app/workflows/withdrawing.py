"""Taking back what was said in a comment. Comments are numbered as they were written, whenever they are heard of."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.applying import at_least
from app.store import statements
from app.store.statements import NO_ADVICE, NOT_WANTED, Statement

WITHDRAWAL = "withdrawal"
_COMMENT = "comment:"
_CLOCKS_DIFFER_S = 60.0
MIN_KEY = 6
"""So many digits of a key name a finding."""


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

    A button or a comment on a line has no number among the comments; what is said of advice closes no gate and opens
    none, so that the clocks may tell.
    """
    if said.kind in {NO_ADVICE, NOT_WANTED}:
        named = withdrawal.target == said.target or (said.kind == NOT_WANTED and _is_key(withdrawal.target, said))
        mine = said.login.casefold() == withdrawal.login.casefold() and (named or not withdrawal.target)
        maintained = named and at_least(withdrawal.permission, "maintain")
        return (mine or maintained) and said.at < withdrawal.at + _CLOCKS_DIFFER_S
    if said.kind == WITHDRAWAL or not said.id.startswith(_COMMENT) or _number(said) >= _number(withdrawal):
        return False
    target = withdrawal.target
    maintains = target == said.kind == "veto" and at_least(withdrawal.permission, "maintain")
    own = said.login.casefold() == withdrawal.login.casefold()
    return (own or maintains) and target in {"", said.kind, said.target, said.target[: len(target)]}


def _is_key(target: str, said: Statement) -> bool:
    """Whether it names a finding as people do, by the first digits of its key."""
    return len(target) >= MIN_KEY and said.target.startswith(target)


def _number(said: Statement) -> int:
    return int(said.id.rpartition(":")[2])

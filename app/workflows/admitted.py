"""Who is answered, and how often: an answer costs requests or money, and whoever passes by could spend them."""

import time
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.applying import at_least
from app.runs.engine import Context
from app.store.instructions import Instruction, keep_instruction
from app.store.tables import instructions
from app.store.work import work
from app.wiring import Services

Admission = Literal["talk", "help", "enough", "silence"]

ASK = "ask"
"""The verb under which it is kept that somebody was answered; what they said is not."""
AN_HOUR_S = 3600.0
MOST_TRUSTED, MOST, MOST_OF_ALL = 30, 5, 20
"""Answers an hour: to a person who may write here, to another who is talked to, to all of those together."""
_WRITERS = ("write", "maintain", "admin")


def admit(permission: str, *, is_author: bool, answered: int, others: int = 0) -> Admission:
    """What somebody gets who was answered so often within the hour, and `others` who may not write so often. Pure.

    Strangers get the help once: of a public repository everybody may read, so that `read` says nothing about a person.
    """
    trusted = at_least(permission, "write")
    if not trusted and not is_author and not at_least(permission, "triage"):
        return "silence" if answered or others >= MOST_OF_ALL else "help"
    if not trusted and others + answered >= MOST_OF_ALL:
        return "silence"
    most = MOST_TRUSTED if trusted else MOST
    if answered < most:
        return "talk"
    return "enough" if answered == most else "silence"


async def admit_asker(
    ctx: Context, services: Services, login: str, permission: str, source: str, *, is_author: bool
) -> Admission:
    """Count this question and say what it gets; done again after a crash, it is counted once."""
    repo_id, now = ctx.run.repo.id, time.time()
    asked = Instruction(source, repo_id, ctx.run.number, ASK, login, permission, "", now)
    async with work(services.database) as db:
        answered, others = await _count(db, asked)
        given = admit(permission, is_author=is_author, answered=answered, others=others)
        if given != "silence":
            await keep_instruction(db, asked)
    return given


def may_be_told(permission: str, answered: int, others: int) -> bool:
    """Whether a word of the closed set is answered, be it by a refusal: everybody may say `status`. Pure."""
    return at_least(permission, "triage") or (answered < MOST and answered + others < MOST_OF_ALL)


async def admit_word(ctx: Context, services: Services, login: str, permission: str, source: str) -> bool:
    """Count this word of somebody who has no say here, and say whether it is answered; counted once."""
    if at_least(permission, "triage"):
        return True
    asked = Instruction(source, ctx.run.repo.id, ctx.run.number, ASK, login, permission, "", time.time())
    async with work(services.database) as db:
        told = may_be_told(permission, *await _count(db, asked))
        if told:
            await keep_instruction(db, asked)
    return told


async def _count(db: AsyncConnection, asked: Instruction) -> tuple[int, int]:
    """Within the hour before: how often this person was answered, and how often others who may not write here."""
    table = instructions.c
    here = (table.repo_id == asked.repo_id) & (table.verb == ASK) & (table.id != asked.id)
    recent = here & (table.at >= asked.at - AN_HOUR_S)
    mine = func.lower(table.login) == asked.login.lower()
    of_mine, of_others = (func.count().filter(each) for each in (mine, ~mine & table.permission.not_in(_WRITERS)))
    row = (await db.execute(select(of_mine, of_others).where(recent))).one()
    return int(row[0]), int(row[1])

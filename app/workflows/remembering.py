"""`remember` and `forget`: notes of a repository for agents that plan and build; those that judge never see them."""

import time
from collections.abc import Sequence

from app.policy.changed_text import Line
from app.policy.commands import Command
from app.policy.pleas import pleas
from app.policy.render import code
from app.runs.engine import Context
from app.store import audit
from app.store.notes import MOST_NOTES, NOTE_CHARS, Note, drop_note, keep_note, notes_of
from app.store.work import work
from app.wiring import Services

_SAID_TO_REVIEWERS = (
    "I do not keep that: it is addressed to reviewers ({why}), and notes tell how the project is worked on, not how a "
    "change is judged. What reviewers must ask for stands in `.github/quorum.yml`."
)


async def remember(ctx: Context, services: Services, command: Command, login: str, permission: str, source: str) -> str:
    """Keep a note and say its number; without words, list the notes. Done again after a crash, it says the same."""
    text = command.reason
    if not text:
        async with services.database.connect() as db:
            return render_notes(await notes_of(db, ctx.run.repo.id), services.forge.slug)
    refusal = refuse_note(text)
    if refusal:
        return refusal
    repo = ctx.run.repo
    note = Note(0, source, repo.id, text, login, permission, time.time())
    async with work(services.database) as db:
        known = await notes_of(db, repo.id)
        if len(known) >= MOST_NOTES and all(each.source != source for each in known):
            return f"There are {MOST_NOTES} notes already; `@{services.forge.slug} forget N` makes room for another."
        if await keep_note(db, note):
            await audit.append(db, login, "command remember", repo.full_name, {"cause": source, "text": text})
        number = next(each.id for each in await notes_of(db, repo.id) if each.source == source)
    return (
        f"Noted under the number {number}: agents that plan and build here are shown it, reviewers are not. "
        f"`@{services.forge.slug} forget {number}` takes it back."
    )


async def forget(ctx: Context, services: Services, command: Command, login: str, source: str) -> str:
    """Drop the note of that number, or the one that says exactly that."""
    repo, slug = ctx.run.repo, services.forge.slug
    if not command.target and not command.reason:
        return f"Say which: `@{slug} forget 12`; `@{slug} remember` lists them."
    async with work(services.database) as db:
        known = await notes_of(db, repo.id)
        note = _find(known, command)
        if note is None:
            return f"There is no such note (any more); `@{slug} remember` lists those there are."
        await drop_note(db, repo.id, note.id)
        await audit.append(db, login, "command forget", repo.full_name, {"cause": source, "text": note.text})
    return f"Forgotten: {code(note.text)}"


def refuse_note(text: str) -> str:
    """Why a note is not kept, or "". Pure."""
    if len(text) > NOTE_CHARS:
        return (
            f"That is {len(text)} characters; a note has at most {NOTE_CHARS}. Say it shorter, or put it in AGENTS.md."
        )
    plea = next(iter(pleas([Line(1, text)])), None)
    return "" if plea is None else _SAID_TO_REVIEWERS.format(why=plea.because)


def render_notes(notes: Sequence[Note], slug: str) -> str:
    """For people."""
    if not notes:
        return f"I was told to remember nothing here. `@{slug} remember …` has me keep a note for who builds here."
    lines = "\n".join(f"- **{each.id}** {code(each.text)} ({code(each.login)})" for each in notes)
    return f"What agents that plan and build here are told besides the project's own guidance:\n\n{lines}"


def render_for_agents(notes: Sequence[Note]) -> str:
    """A line each, the newest last; empty where there is none."""
    return "\n".join(f"- {each.text}" for each in notes)


def _find(notes: Sequence[Note], command: Command) -> Note | None:
    if command.target:
        return next((each for each in notes if str(each.id) == command.target), None)
    wanted = command.reason.casefold()
    return next((each for each in notes if each.text.casefold() == wanted), None)

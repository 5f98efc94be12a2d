"""Answering plain words: a reader without hands looks at the files and says what it found, and code does the rest.

What was said decides nothing about rights: who may be answered, and whose words reach the work, is found out by code.
"""

from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.roles import load_role
from app.agents.tools.answering import Answer, answer_tool
from app.agents.tools.files import reading_tools
from app.forge.clean import clean_markdown
from app.forge.cut import cut
from app.forge.permalinks import find_spots, permalink, there_are
from app.forge.permissions import READ, TALK
from app.forge.read import read_permission
from app.forge.review_comments import comment_reaction
from app.forge.visible import only_visible
from app.policy.applying import at_least
from app.policy.values import MicroUsd
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.admitted import MOST, MOST_TRUSTED, Admission, admit_asker
from app.workflows.helping import render_help
from app.workflows.journalled import carry_out, journalled
from app.workflows.metering import metered
from app.workflows.obeying import EDITED, Asked
from app.workflows.scene import Scene, set_scene
from app.workflows.spoken import hear_spoken
from app.workflows.steering import Told, keep_told
from app.workflows.subjects import Subject, find_subject
from app.workflows.workshop import Workshop

_BUDGET, _BUDGET_OF_OTHERS = MicroUsd(500_000), MicroUsd(100_000)
"""Of one answer, in micro-dollars: for who may write here, and for others. A policy may allow less."""
_WORDS_CHARS = 2_000
_ANSWER_CHARS = 6_000


async def talk(ctx: Context, services: Services, asked: Asked) -> str:
    """The answer, or "" where there is none to give. What is done besides is done once, and told in it."""
    if asked.comment.updated_at != asked.comment.created_at:
        return EDITED
    admission = await journalled(ctx, "admission", str, lambda: _admit(ctx, services, asked))
    if admission != "talk":
        return _unanswered(admission, asked, services.forge.slug)
    if not asked.review:  # GitHub lets Apps react to comments, and to a review through GraphQL only
        on_lines = asked.place is not None
        eyes = comment_reaction(services.forge.on(ctx.run.repo, TALK), asked.comment.id, "eyes", on_lines=on_lines)
        await carry_out(ctx, "eyes", eyes)
    scene = await journalled(ctx, "scene", Scene, lambda: set_scene(ctx, services, asked))
    outcome = await _ask(ctx, services, asked, scene)
    return await journalled(ctx, "answer", str, lambda: _settle(ctx, services, asked, scene, outcome))


async def _admit(ctx: Context, services: Services, asked: Asked) -> Admission:
    subject, login = await find_subject(ctx, services), asked.comment.author
    is_author = subject.facts.author == login
    return await admit_asker(ctx, services, login, asked.permission, asked.source, is_author=is_author)


def _unanswered(admission: str, asked: Asked, slug: str) -> str:
    if admission == "help":
        return f"I answer in plain words to who works on this repository, or opened what we are in. {render_help(slug)}"
    if admission == "enough":
        most = MOST_TRUSTED if at_least(asked.permission, "write") else MOST
        return f"I answered you {most} times within an hour, which is as much as I do; ask again later."
    return ""


async def _ask(ctx: Context, services: Services, asked: Asked, scene: Scene) -> AgentOutcome:
    role, mirror = load_role("roles", "talker"), services.mirrors.path(ctx.run.repo)
    most = _BUDGET if at_least(asked.permission, "write") else _BUDGET_OF_OTHERS

    async def faults(text: str) -> str:
        named = find_spots(text)
        missing = set(named) - set(await there_are(mirror, scene.sha, named))
        listed = ", ".join(sorted(map(str, missing)))
        return f"There is no {listed} in these files; read what you mean, and answer again." if missing else ""

    workshop = Workshop.of(services, ctx.run, scene.sha)
    try:
        await workshop.lay_out()
        return await run_agent(
            Brief("talk", "talker", role.prompt, scene.shown, max_turns=role.about.max_turns),
            model=metered(ctx, services, min(scene.budget, most)),
            tools=[*reading_tools(services.box, workshop.directory), answer_tool(faults)],
            steps=ctx,  # reading changes nothing, so a call that was cut off is simply made again
        )
    finally:
        await workshop.remove()


async def _settle(ctx: Context, services: Services, asked: Asked, scene: Scene, outcome: AgentOutcome) -> str:
    """Make an answer of it, unless the question was taken back meanwhile."""
    heard = await hear_spoken(ctx, services)
    if heard.comment is None:
        return ""
    if heard.comment.body != asked.comment.body:
        return EDITED
    slug = services.forge.slug
    if outcome.value is None:
        why = f"{outcome.ended}: {clean_markdown(outcome.reason[:300])}"
        return f"I could not answer that ({why}). `@{slug} help` lists the words that I surely understand."
    answer = Answer.model_validate(outcome.value)
    mirror, repo = services.mirrors.path(ctx.run.repo), ctx.run.repo
    spots = await there_are(mirror, scene.sha, find_spots(answer.text))
    links = [permalink(services.forge.web_url, repo.full_name, scene.sha, each) for each in spots]
    parts = [cut(clean_markdown(answer.text), _ANSWER_CHARS)]
    if links:
        parts.append(f"See {', '.join(links)}.")
    if answer.suggest:
        parts.append(f"To have that done, write `@{slug} {answer.suggest}` in a comment of its own.")
    if answer.pass_on:
        parts.append(await _pass_on(ctx, services, asked))
    return "\n\n".join(parts)


async def _pass_on(ctx: Context, services: Services, asked: Asked) -> str:
    """Hand the person's own words to the work, if they may do that now and there is any; say what became of it."""
    subject: Subject = await find_subject(ctx, services)
    if subject.issue is None:
        return "I did not pass your words on: there is no work of mine here."
    permission = await read_permission(services.forge.on(ctx.run.repo, READ), asked.comment.author)
    if not at_least(permission, "write"):
        return f"I did not pass your words on to the work: that needs write permission; you have {permission}."
    words = only_visible(asked.comment.body).strip()[:_WORDS_CHARS]
    told = Told(asked.command, asked.comment, permission, subject.issue, f"{asked.source}-told")
    if not await keep_told(ctx, services, told, "tell", words):
        return f"I could not pass your words on: nothing is under way for #{subject.issue}."
    return f"I passed your words on to the work on #{subject.issue}; it hears them at its next step."

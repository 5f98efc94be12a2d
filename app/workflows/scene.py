"""What a talker is shown: where it was asked, what was said there before, and how things stand. All of it is data."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.envelope import enclose
from app.forge.git import changed_paths, only_merge_base
from app.forge.permissions import READ
from app.forge.read import CommentFacts, read_default_branch
from app.forge.review_comments import Place, read_thread
from app.policy.values import MicroUsd, Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.explained import explain_pull
from app.workflows.ground import Ground, find_ground
from app.workflows.obeying import Asked
from app.workflows.said import voices
from app.workflows.subjects import Subject, find_subject
from app.workflows.working import tell_status

_BODY_CHARS, _TALK_CHARS, _STANDING_CHARS, _HUNK_CHARS = 6_000, 8_000, 6_000, 3_000
_COMMENTS, _FILES = 20, 100


@dataclass(frozen=True)
class Scene:
    """`sha`: the commit whose files are shown. `budget`: what the policy lets a run cost. `shown`: the task."""

    sha: Sha
    budget: MicroUsd
    shown: str


async def set_scene(ctx: Context, services: Services, asked: Asked) -> Scene:
    """Read it now. Of a pull request the files are those of its head, which nobody has to trust to be read."""
    repo, read = ctx.run.repo, services.forge.on(ctx.run.repo, READ)
    subject = await find_subject(ctx, services)
    base_ref = subject.pull.base_ref if subject.pull else await read_default_branch(read)
    ground = await find_ground(services, repo, base_ref)
    sha, files = ground.base_sha, list[str]()
    if subject.pull is not None:
        sha = await services.mirrors.fetch(repo, f"refs/pull/{subject.pull.number}/head")
        files = await _changed(services, ctx, ground, sha)
    before = await read_thread(read, ctx.run.number, asked.place) if asked.place else list(subject.facts.comments)
    earlier = [each for each in before if each.id != asked.comment.id]
    standing = await _standing(ctx, services, subject)
    return Scene(sha, ground.in_force().budget, render_scene(asked, subject, earlier, files, standing))


def render_scene(
    asked: Asked, subject: Subject, earlier: Sequence[CommentFacts], files: Sequence[str], standing: str
) -> str:
    """Pure."""
    kind = "pull request" if subject.pull else "issue"
    said = voices((each.author, each.body) for each in earlier[-_COMMENTS:])[-_TALK_CHARS:]
    parts = [
        f"This was said to you in a {kind}; answer it:",
        enclose("question", f"@{asked.comment.author}: {asked.comment.body[:_BODY_CHARS]}"),
        f"The {kind}:",
        enclose(kind, f"#{subject.facts.number}: {subject.facts.title}\n\n{subject.facts.body[:_BODY_CHARS]}"),
        *([_thread(asked.place)] if asked.place else []),
        *(["What was said before:", enclose("comments", said)] if said else []),
        *([f"It changes:\n\n{enclose('files', chr(10).join(files), rendered=False)}"] if files else []),
        "How it stands:",
        enclose("standing", standing[:_STANDING_CHARS], rendered=False),
    ]
    return "\n\n".join(parts)


def _thread(place: Place) -> str:
    where = place.path if place.line is None else f"{place.path}:{place.line}"
    return (
        f"It was said on a line:\n\n{enclose('line', f'{where}{chr(10)}{place.hunk[-_HUNK_CHARS:]}', rendered=False)}"
    )


async def _changed(services: Services, ctx: Context, ground: Ground, head: Sha) -> list[str]:
    mirror = services.mirrors.path(ctx.run.repo)
    base = await only_merge_base(mirror, ground.base_sha, head)
    return sorted(await changed_paths(mirror, base, head))[:_FILES]


async def _standing(ctx: Context, services: Services, subject: Subject) -> str:
    told = [] if subject.issue is None else [await tell_status(services, ctx.run.repo, subject.issue)]
    return "\n\n".join([*told, *([await explain_pull(ctx, services, subject.pull)] if subject.pull else [])])

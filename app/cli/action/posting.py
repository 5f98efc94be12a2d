"""Showing a review on GitHub, as far as the job's token may: each is an effect that is looked for before it is done."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from app.cli.action.event import Pull
from app.cli.action.inputs import Post
from app.cli.reviewing.in_markdown import render_markdown, render_remark
from app.cli.reviewing.outcome import Remark, Review, Verdict, graver
from app.forge import check_effects, effects
from app.forge.api import Forge
from app.forge.check_effects import CheckRun
from app.forge.clean import clean_markdown, clean_plain
from app.forge.effects import Effect
from app.forge.errors import ForgeError
from app.forge.permissions import CHECKS, PUBLISH, TALK
from app.forge.standing import standing_comment
from app.policy.finding import Outcome, Severity
from app.workflows.fitting import fit
from app.workflows.texts import count

_PREFIX = "quorum-action"
"""Of names: those of the App's own checks are others, so that nobody takes one for the other."""
_MOST_COMMENTS = 50
_MOST_ANNOTATIONS = 200
_TITLES = {Outcome.APPROVED: "Approved", Outcome.BLOCKED: "Asks for changes", Outcome.ABSTAINED: "Could not review"}


@dataclass(frozen=True)
class Outlet:
    """Where things are shown. `shown`: lines by path that a comment may stand on."""

    forge: Forge
    pull: Pull
    shown: Mapping[str, frozenset[int]]
    fail_on: Severity | None


async def post(outlet: Outlet, review: Review, wanted: Sequence[Post]) -> list[str]:
    """Show it at all the places that are wanted; why it could not be at some. Annotations are the caller's."""
    ways: Mapping[Post, Callable[[Outlet, Review], Awaitable[None]]] = {
        Post.CHECKS: _post_checks,
        Post.REVIEW: _post_review,
        Post.COMMENT: _post_comment,
    }
    failed = []
    for place in wanted:
        if place in ways and review.files:
            try:
                await ways[place](outlet, review)
            except ForgeError as error:
                why = clean_markdown(str(error))
                failed.append(f"It could not be shown as `{place.value}`: {why}.{_REMEDIES[place]}")
    return failed


_REMEDIES = {
    Post.CHECKS: " A job may write checks that has `permissions: checks: write`, and does not come from a fork.",
    Post.REVIEW: " A job may review that has `permissions: pull-requests: write`, and does not come from a fork.",
    Post.COMMENT: " A job may comment that has `permissions: pull-requests: write`, and does not come from a fork.",
}


async def _post_checks(outlet: Outlet, review: Review) -> None:
    gh = outlet.forge.on(outlet.pull.repo, CHECKS)
    for verdict in review.verdicts:
        remarks = [each for each in review.remarks if each.by == verdict.perspective]
        await _carry_out(check_effects.check_run(gh, check_of(verdict, remarks, outlet)))


def check_of(verdict: Verdict, remarks: Sequence[Remark], outlet: Outlet) -> CheckRun:
    """Its external id tells what it says: who says the same again finds it, who says another thing makes a new one."""
    grave = outlet.fail_on is not None and any(each.severity.rank <= outlet.fail_on.rank for each in remarks)
    failed = grave or verdict.outcome is Outcome.ABSTAINED
    mild = "neutral" if verdict.outcome is Outcome.BLOCKED else "success"
    said = hashlib.sha256(repr((astuple(verdict), [astuple(each) for each in remarks])).encode("utf-8", "replace"))
    title = _TITLES[verdict.outcome] if not remarks else f"{_TITLES[verdict.outcome]}: {count(len(remarks), 'finding')}"
    blocks = [clean_markdown(verdict.summary), *map(render_remark, remarks)]
    return CheckRun(
        head_sha=outlet.pull.head,
        name=f"{_PREFIX}/{verdict.perspective}",
        external_id=f"{_PREFIX}:{said.hexdigest()[:32]}",
        title=title,
        summary=fit(blocks, lambda number: f"*{count(number, 'finding')} more did not fit here.*"),
        conclusion="failure" if failed else mild,
        annotations=[_annotation(each) for each in remarks if each.start_line][:_MOST_ANNOTATIONS],
    )


def _annotation(remark: Remark) -> dict[str, Any]:
    """https://docs.github.com/en/rest/checks/runs#create-a-check-run."""
    return {
        "path": remark.path,
        "start_line": remark.start_line,
        "end_line": max(remark.start_line, remark.end_line),
        "annotation_level": "failure" if remark.severity.blocks else "warning",
        "title": f"{remark.severity.value}: {clean_plain(remark.category)}"[:255],
        "message": clean_plain(f"{remark.claim}\n\n{remark.why}").strip()[:16_000],
    }


async def _post_review(outlet: Outlet, review: Review) -> None:
    """One for this head and these findings."""
    comments = [_comment(each) for each in review.remarks if _can_stand(each, outlet.shown)]
    said = hashlib.sha256(repr([astuple(each) for each in review.remarks]).encode("utf-8", "replace")).hexdigest()
    gh, pull = outlet.forge.on(outlet.pull.repo, PUBLISH), outlet.pull
    effect = effects.review(
        gh, pull.number, pull.head, f"action:{pull.head[:12]}:{said[:12]}", render_markdown(review), comments
    )
    await _carry_out(effect)


def _can_stand(remark: Remark, shown: Mapping[str, frozenset[int]]) -> bool:
    """GitHub refuses a review as a whole for one comment that is on no line of a hunk."""
    lines = range(remark.start_line, max(remark.start_line, remark.end_line) + 1)
    return remark.start_line > 0 and set(lines) <= shown.get(remark.path, frozenset())


def _comment(remark: Remark) -> dict[str, Any]:
    """https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request."""
    place: dict[str, Any] = {"path": remark.path, "line": max(remark.start_line, remark.end_line), "side": "RIGHT"}
    if remark.end_line > remark.start_line:
        place |= {"start_line": remark.start_line, "start_side": "RIGHT"}
    return {**place, "body": render_remark(remark)[:60_000]}


async def _post_comment(outlet: Outlet, review: Review) -> None:
    """The one that is edited with each push."""
    gh = outlet.forge.on(outlet.pull.repo, TALK)
    text = render_markdown(review)
    await _carry_out(standing_comment(gh, outlet.pull.number, "action", text, known=None, none_yet=False))


async def _carry_out(effect: Effect) -> None:
    """What an earlier try of this job did is there already. Raises forge errors."""
    if await effect.find() is None:
        await effect.do()


def failing(review: Review, fail_on: Severity | None) -> list[Remark]:
    return [] if fail_on is None else graver(review, fail_on)

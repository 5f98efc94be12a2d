"""What a perspective has read of a pull request so far, and by what it judged. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.roles import load_role
from app.agents.views import view_of
from app.policy.config import Policy
from app.policy.effort import Effort
from app.policy.finding import Outcome
from app.policy.increment import MOST_INCREMENTS
from app.policy.words import Words
from app.store.reviews import StoredFinding, StoredVerdict
from app.workflows.ground import Ground

Judged = tuple[Ground, Policy, Effort]
"""What all perspectives of a review go by."""


@dataclass(frozen=True)
class Reading:
    """`whole`: the verdict on everything; `later`: those on what was new since then, oldest first."""

    whole: StoredVerdict
    later: tuple[StoredVerdict, ...] = ()

    @property
    def verdicts(self) -> tuple[StoredVerdict, ...]:
        return (self.whole, *self.later)

    @property
    def last(self) -> StoredVerdict:
        return self.verdicts[-1]


@dataclass(frozen=True)
class Increment:
    """One perspective's: `whole` is its verdict on everything, `last` its newest.

    `paths`: files that it is not shown, as they are what it read; `belonging`: such that it is shown all the same.
    `stand`: its blocking findings in files that are what they were when it said so; `anew`: those in others.
    """

    whole: StoredVerdict
    last: StoredVerdict
    paths: tuple[str, ...]
    belonging: tuple[str, ...] = ()
    stand: tuple[StoredFinding, ...] = ()
    anew: tuple[StoredFinding, ...] = ()


def terms_of_reading(judged: Judged, words: Words, perspective: str, model: str) -> str:
    """A hash of all that a reader goes by besides the change: who goes by something else reads everything.

    What was read with the effort that a harmless change is worth is read again when there is more to it.
    """
    ground, policy, effort = judged
    reviewer, view = load_role("roles", "reviewer"), view_of(perspective, words)
    judged_by = [policy.model_dump_json(), ground.base_ref, ground.guidance, repr(effort)]
    told = json.dumps([reviewer.prompt, view.task, model, *judged_by])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def last_reading(given: Sequence[StoredVerdict], perspective: str, terms: str, sure: float) -> Reading | str:
    """What a perspective can build on, of the verdicts on a pull request, oldest first; else why on nothing.

    `sure`: how sure it must have been. Whoever gave no usable answer the last time has to begin again, even where
    there is an older one: what it could not answer for may be a file that is as it was.
    """
    own = [each for each in given if each.perspective == perspective and each.carried_from is None]
    if not own:
        return "it has read nothing of it yet"
    last = own[-1]
    reason = _why_not(last, terms, sure)
    if reason is not None:
        return reason
    at = last.whole_at or last.head_sha
    whole = next((each for each in reversed(own) if each.head_sha == at and each.whole_at is None), None)
    if whole is None or _why_not(whole, terms, sure) is not None:
        return "its last reading of everything does not count any more"
    newest = {each.head_sha: each for each in own if each.whole_at == at}  # the last word on each head
    if len(newest) >= MOST_INCREMENTS:
        return f"it has read {len(newest)} times only what was new"
    later = tuple(each for each in own if newest.get(each.head_sha) is each)
    return Reading(whole, later if last.whole_at is not None else ())


def _why_not(verdict: StoredVerdict, terms: str, sure: float) -> str | None:
    if verdict.outcome is Outcome.ABSTAINED or verdict.terms is None:
        return "its last answer was not whole"
    if verdict.terms != terms:
        return "the policy, the guidance, the base branch, the model or its own task is another"
    return "it was not sure" if verdict.confidence < sure else None

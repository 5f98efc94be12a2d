"""What else GitHub knows of a pull request that a policy may ask about: reviews, labels, signatures, other checks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.forge.api import GitHub
from app.policy.checks import GATE_CHECK
from app.policy.facts import CheckFact
from app.policy.values import Sha

_RETARGETED = frozenset({"base_ref_changed", "automatic_base_change_succeeded"})
_MOST_COMMITS = 250
"""GitHub lists no more: https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request."""


@dataclass(frozen=True)
class ReviewSeen:
    """A person's newest review that says yes, no or neither any more."""

    id: int
    login: str
    state: Literal["approved", "changes_requested", "dismissed"]
    commit: Sha | None
    body: str
    at: float


async def read_reviews(gh: GitHub, number: int) -> list[ReviewSeen]:
    """The newest word of each person, by the order in which GitHub numbers them; comments are no word, bots no people.

    Who asked for changes after an approval and had that review dismissed has no word left: the approval stays gone.
    """
    newest: dict[str, ReviewSeen] = {}
    async for item in gh.pages(f"pulls/{number}/reviews"):
        state = item["state"].lower()
        if state not in {"approved", "changes_requested", "dismissed"} or not item["user"]:
            continue
        if item["user"]["type"] != "User":
            continue
        seen = ReviewSeen(
            id=item["id"],
            login=item["user"]["login"],
            state=state,
            commit=Sha(item["commit_id"]) if item.get("commit_id") else None,
            body=item["body"] or "",
            at=datetime.fromisoformat(item["submitted_at"]).timestamp(),
        )
        if seen.login not in newest or newest[seen.login].id < seen.id:
            newest[seen.login] = seen
    return list(newest.values())


async def read_retargeted_at(gh: GitHub, number: int) -> float:
    """When the base branch became another one the last time, in seconds since 1970; 0 if it never did.

    https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#base_ref_changed
    """
    events = [event async for event in gh.pages(f"issues/{number}/events") if event["event"] in _RETARGETED]
    return max((datetime.fromisoformat(event["created_at"]).timestamp() for event in events), default=0.0)


async def read_label_setters(gh: GitHub, number: int) -> dict[str, tuple[str, str]]:
    """By label, lower case: login and type of who set it last."""
    setters: dict[str, tuple[str, str]] = {}
    async for event in gh.pages(f"issues/{number}/events"):
        if event["event"] == "labeled" and event["actor"]:
            setters[event["label"]["name"].casefold()] = (event["actor"]["login"], event["actor"]["type"])
    return setters


async def read_committers(gh: GitHub, number: int) -> set[str]:
    """Logins that GitHub takes commits for: by addresses that anybody can write, so good to leave people out only."""
    found: set[str] = set()
    async for item in gh.pages(f"pulls/{number}/commits"):
        found |= {str(item[role]["login"]) for role in ("author", "committer") if item.get(role)}
    return found


async def read_signed(gh: GitHub, number: int) -> bool | None:
    """Whether GitHub verified the signature of every commit; None when there are more than it lists."""
    verified = [item["commit"]["verification"]["verified"] async for item in gh.pages(f"pulls/{number}/commits")]
    return None if len(verified) >= _MOST_COMMITS or not verified else all(verified)


async def read_other_checks(gh: GitHub, head: Sha) -> tuple[CheckFact, ...]:
    """Check runs and statuses of others on a commit; of each App's runs with one name the newest, as GitHub counts."""
    runs = [run async for run in gh.pages(f"commits/{head}/check-runs", filter="latest")]
    others = [run for run in runs if run["app"]["id"] != gh.forge.app_id]
    found = [CheckFact(run["name"], run["conclusion"], str(run["app"]["slug"])) for run in others]
    states = {each["context"]: each["state"] for each in await _statuses(gh, head)}
    return (*found, *(CheckFact(name, None if state == "pending" else state) for name, state in states.items()))


async def read_foreign_gates(gh: GitHub, head: Sha) -> tuple[str, ...]:
    """Who else reports a check or a status with the gate's name: case does not count for statuses."""
    runs = [run async for run in gh.pages(f"commits/{head}/check-runs", check_name=GATE_CHECK, filter="latest")]
    found = [str(run["app"]["slug"]) for run in runs if run["app"]["id"] != gh.forge.app_id]
    named = [each for each in await _statuses(gh, head) if each["context"].casefold() == GATE_CHECK]
    found += [f"status by {(each['creator'] or {}).get('login', 'somebody')}" for each in named]
    return tuple(dict.fromkeys(found))


async def _statuses(gh: GitHub, head: Sha) -> list[Any]:
    """The newest of each context: GitHub lists the newest first."""
    newest: dict[str, Any] = {}
    async for status in gh.pages(f"commits/{head}/statuses"):
        newest.setdefault(status["context"].casefold(), status)
    return list(newest.values())

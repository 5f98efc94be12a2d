"""Which runs an event asks for. Events wake, state decides: a request says where to look, the run reads the facts."""

from collections.abc import Callable, Sequence

from app.policy.checks import GATE_CHECK, WORK_CHECK, perspective_of, pull_of
from app.policy.commands import is_addressed
from app.policy.deploy_requests import deploy_request, land_request
from app.policy.event import Event
from app.policy.own_app import App
from app.policy.queue_refs import parse_queue_ref
from app.policy.record_requests import settle_request
from app.policy.request import RunRequest
from app.policy.tend_requests import tending
from app.policy.values import Json, Repo
from app.policy.work_requests import (
    LABEL,
    ON_LINES,
    comment_key,
    converse_run,
    digest_of,
    group_request,
    recheck_run,
    review_run,
    solve_run,
)


def route(event: Event, app: App, known_pulls: Sequence[int] = ()) -> list[RunRequest]:
    """Zero or more requests; the same event always gives the same.

    `known_pulls` are open pull requests that the caller has an index of: those with the event's head, as GitHub names
    none for the checks of forks, or those into the branch that was pushed to.
    """
    answer = _ROUTES.get((event.name, event.action or ""))
    if event.repo is None:
        return []
    asked = [] if answer is None else answer(event, app, event.repo, known_pulls)
    return [*asked, *tending(event, app, known_pulls)]


def _labelled(event: Event, app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    """Labels are case-insensitive on GitHub. One that a bot sets starts nothing."""
    if event.is_pull or event.number is None or not _by_a_person(event, app):
        return []
    return [solve_run(repo, event.number, _cause(event))] if (event.label or "").casefold() == LABEL else []


def _moved(event: Event, _app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    """The head can be one that was reviewed before (force-push, reopened), or the review may not begin at all."""
    if event.number is None:
        return []
    return [
        review_run(repo, event.number, event.head_sha, _cause(event)),
        recheck_run(repo, event.number, _cause(event)),
    ]


def _small(event: Event, app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    """Only what the pull request itself says has changed: the commits and what was said of them have not."""
    if event.number is None or event.sender_login == app.login:
        return []
    return [recheck_run(repo, event.number, _cause(event), small=True)]


def _reviewed(event: Event, app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    """Somebody's own review; those of bots count for nothing, ours among them."""
    if event.number is None or not _by_a_person(event, app):
        return []
    return [recheck_run(repo, event.number, _cause(event))]


def _review_submitted(event: Event, app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """Its words may be said to us; what is said on its lines comes as comments."""
    asked = _reviewed(event, app, repo, known)
    words = event.comment_body or ""
    if not asked or event.number is None or event.comment_id is None or not is_addressed(words, app.slug):
        return asked
    cause: Json = {**_cause(event), "comment_id": event.comment_id, "in_review": digest_of(words)}
    return [*asked, converse_run(repo, event.number, f"review-{event.comment_id}", cause)]


def _pushed(event: Event, _app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """A base branch moved: its policy or its owners may be others now, and so may the difference from it.

    What landed on the default branch is recorded at once; on others, when something is deployed from there.
    """
    requests = [recheck_run(repo, number, _cause(event)) for number in known]
    if event.branch is not None and event.branch == event.default_branch:
        requests.append(land_request(repo, event.branch, _cause(event), before=event.before_sha))
    return requests


def _other_check(event: Event, app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """Somebody else's check or status: a policy may ask for it. One with the gate's name is looked at closely."""
    if event.name != "status" and event.check_app_id in {app.id, None}:
        return []
    name = event.context or event.check_name
    small = name is None or name.casefold() != GATE_CHECK
    numbers = dict.fromkeys((*event.pulls, *known))
    return [recheck_run(repo, number, _cause(event), small=small) for number in numbers]


def _workflow_ended(event: Event, _app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """Its jobs are checks that a policy may ask for, and of the check runs of others most Apps hear nothing."""
    return [recheck_run(repo, number, _cause(event), small=True) for number in dict.fromkeys((*event.pulls, *known))]


def _group_asked(event: Event, _app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    """GitHub names no member; the branch's name tells the last one, and must be one of this base branch's queue."""
    ref = parse_queue_ref(event.head_ref)
    if ref is None or event.head_sha is None or event.base_ref not in {None, ref.base}:
        return []
    return [group_request(repo, ref, event.head_sha, _cause(event))]


def _changed(event: Event, app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    """What the App did itself is no news."""
    own = event.sender_login == app.login
    return [recheck_run(repo, event.number, _cause(event))] if event.number is not None and not own else []


def _closed(event: Event, app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """A merge has landed something, whatever the push of it tells. What became of findings can be told now."""
    requests = _changed(event, app, repo, known)
    if event.number is not None:
        requests.append(settle_request(repo, event.number, _cause(event)))
    if event.merged and event.base_ref and event.number is not None:
        requests.append(land_request(repo, event.base_ref, _cause(event), number=event.number))
    return requests


def _asked_to_deploy(event: Event, _app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    if event.workflow_run_id is None or not event.environment:
        return []
    return [deploy_request(repo, event.workflow_run_id, event.environment, _cause(event), event.deployed_sha)]


def _edited(event: Event, app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """Another base is another diff at the same head, so the head's review key does not stand in the way."""
    if not event.base_changed or event.number is None:
        return _small(event, app, repo, known)
    again = review_run(repo, event.number, event.head_sha, _cause(event), again=event.delivery_id)
    return [again, *_changed(event, app, repo, known)]


def _commented(event: Event, app: App, repo: Repo, _known: Sequence[int]) -> list[RunRequest]:
    if event.number is None or event.comment_id is None or not _by_a_person(event, app):
        return []
    if not is_addressed(event.comment_body or "", app.slug):
        return []
    on_lines = event.name == "pull_request_review_comment"
    cause: Json = {**_cause(event), "comment_id": event.comment_id, **(ON_LINES if on_lines else {})}
    return [converse_run(repo, event.number, comment_key(event.comment_id, on_lines), cause)]


def _rerequested(event: Event, app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """Re-run: "Re-run" on the page can come as `check_suite.rerequested`. Only what was asked for is run again.

    The check of the work itself tells of a run and has nothing to run again; GitHub leaves it as it is:
    https://docs.github.com/en/rest/checks/runs#rerequest-a-check-run
    """
    if event.check_app_id != app.id or not _by_a_person(event, app) or event.check_name == WORK_CHECK:
        return []
    numbers = _pulls_of_check(event, known)
    if event.check_name == GATE_CHECK:
        return [recheck_run(repo, number, _cause(event)) for number in numbers]
    cause: Json = {**_cause(event), "only": perspective_of(event.check_name)}
    return [review_run(repo, number, event.head_sha, cause, again=event.delivery_id) for number in numbers]


def _action_asked(event: Event, app: App, repo: Repo, known: Sequence[int]) -> list[RunRequest]:
    """A button on a check run; whether the person may press it is for the run to find out.

    It is for the pull request that the check was written for: its commit can be the head of others, which anybody
    may open, and GitHub names those as well.
    """
    if event.check_app_id != app.id or event.requested_action is None or not _by_a_person(event, app):
        return []
    cause: Json = {**_cause(event), "requested_action": event.requested_action, "check": event.check_name}
    if event.head_sha is not None:
        cause["head"] = event.head_sha
    named = pull_of(event.check_external_id)
    numbers = _pulls_of_check(event, known)[:1] if named is None else [named]
    return [converse_run(repo, number, event.delivery_id, cause) for number in numbers]


_ROUTES: dict[tuple[str, str], Callable[[Event, App, Repo, Sequence[int]], list[RunRequest]]] = {
    ("issues", "labeled"): _labelled,
    ("issue_comment", "created"): _commented,
    ("pull_request_review_comment", "created"): _commented,
    ("pull_request", "opened"): _moved,
    ("pull_request", "reopened"): _moved,
    ("pull_request", "synchronize"): _moved,
    ("pull_request", "ready_for_review"): _moved,
    ("pull_request", "converted_to_draft"): _changed,
    ("pull_request", "closed"): _closed,
    ("pull_request", "labeled"): _small,
    ("pull_request", "unlabeled"): _small,
    ("pull_request", "edited"): _edited,
    ("check_run", "rerequested"): _rerequested,
    ("check_suite", "rerequested"): _rerequested,
    ("check_run", "requested_action"): _action_asked,
    ("check_run", "created"): _other_check,
    ("check_run", "completed"): _other_check,
    ("status", ""): _other_check,
    ("workflow_run", "completed"): _workflow_ended,
    ("push", ""): _pushed,
    ("merge_group", "checks_requested"): _group_asked,
    ("pull_request_review", "submitted"): _review_submitted,
    ("pull_request_review", "edited"): _reviewed,
    ("pull_request_review", "dismissed"): _reviewed,
    ("deployment_protection_rule", "requested"): _asked_to_deploy,
}


def _by_a_person(event: Event, app: App) -> bool:
    """Anything but a user, an unknown sender included, is no person."""
    return event.sender_type == "User" and event.sender_login != app.login


def _pulls_of_check(event: Event, known: Sequence[int]) -> list[int]:
    named = pull_of(event.check_external_id)
    numbers = (*event.pulls, *((named,) if named is not None else ()), *known)
    return list(dict.fromkeys(numbers))


def _cause(event: Event) -> Json:
    return {"event": f"{event.name}.{event.action}", "delivery": event.delivery_id, "sender": event.sender_login}

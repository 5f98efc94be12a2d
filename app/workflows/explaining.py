"""Why a pull request stands as it does, from what is on record. Pure."""

from collections.abc import Iterator, Sequence

from app.agents.challenged import without_word
from app.forge.clean import clean_markdown
from app.forge.cut import cut
from app.forge.read import PullFacts
from app.policy.decision import Decision
from app.policy.finding import Outcome
from app.policy.records import Record
from app.policy.render import code, render_decision
from app.store.reviews import StoredFinding, StoredVerdict
from app.workflows.fitting import ROOM, how_many
from app.workflows.texts import count, one_line

_STATES = {
    "published": "",
    "withdrawn": ", withdrawn after a challenge",
    "dropped": ", dropped",
    "shared": ", said by another as well",
}
_SHORT = 120
"""Characters of a claim where there is no room for all of it."""
_MARGIN = 500
"""For the headings, and what a cut text says of the rest."""
_WORDS = {Outcome.APPROVED: "approved", Outcome.BLOCKED: "blocked", Outcome.ABSTAINED: "could not review"}


def render_explanation(
    pull: PullFacts, verdicts: Sequence[StoredVerdict], findings: Sequence[StoredFinding], decision: Decision | None
) -> str:
    """Head by head: verdicts, findings and what became of them; then the gate's decision.

    Where a comment has no room for all of it, claims are told in short, and then the oldest rounds are left out.
    """
    if not verdicts:
        return "The council has not finished a review of this pull request yet."
    if decision is not None:
        gate = f"### The gate\n\n{render_decision(decision)}"
    else:
        gate = f"### The gate\n\nThe pull request is {pull.state}; its last decision stands in `quorum/gate`."
    gate = cut(gate, ROOM // 2)
    head, room = "### How the council decided", ROOM - len(gate) - _MARGIN
    rounds = _rounds(verdicts, findings, short=False)
    if how_many(rounds, room) < len(rounds):
        rounds = _rounds(verdicts, findings, short=True)
    left = len(rounds) - max(1, how_many(rounds[::-1], room))
    more = [f"*({count(left, 'earlier round')} left out: there is no room for more)*"] if left else []
    return "\n\n".join([head, *more, *(cut(each, room) for each in rounds[left:]), gate])


def _rounds(verdicts: Sequence[StoredVerdict], findings: Sequence[StoredFinding], *, short: bool) -> list[str]:
    """One text for each head, the oldest first."""
    heads = list(dict.fromkeys(verdict.head_sha for verdict in verdicts))
    rounds = []
    for round_, head in enumerate(heads, start=1):
        lines = []
        for verdict in (each for each in verdicts if each.head_sha == head):
            carried = f", carried over from {verdict.carried_from[:12]}" if verdict.carried_from else ""
            carried += f", in full at {verdict.whole_at[:12]}" if verdict.whole_at else ""
            word = _WORDS[verdict.outcome]
            lines.append(f"- {verdict.perspective} {word} ({verdict.confidence:.0%}, {verdict.model}{carried})")
            said = [each for each in findings if (each.perspective, each.head_sha) == (verdict.perspective, head)]
            lines += [f"  - {_told(each, settled=head != heads[-1], short=short)}" for each in said]
        rounds.append("\n".join([f"**Round {round_}, commit {head[:12]}**\n", *lines]))
    return rounds


def render_records(records: Sequence[Record], vetoes: frozenset[str] = frozenset()) -> Iterator[str]:
    """One line a perspective; nothing where no pull request with findings was closed yet."""
    if records:
        yield "\n".join(
            ["### What became of findings here so far", "", *(f"- {told_record(each, vetoes)}" for each in records)]
        )


def told_record(record: Record, vetoes: frozenset[str] = frozenset()) -> str:
    """In one line, for people. `vetoes`: perspectives whose advice is always given."""
    blocking = record.blocking
    parts = [
        f"{record.perspective}: {record.published} published, {record.acted} acted on, {record.dismissed} dismissed"
    ]
    if blocking.stood or blocking.refuted:
        parts.append(f"{blocking.stood} of {blocking.stood + blocking.refuted} that would block upheld")
    if record.bar and record.perspective not in vetoes:
        parts.append(f"advice below {record.bar:.0%} confidence is not given")
    return "; ".join(parts)


def render_perspective(
    perspective: str, verdict: StoredVerdict | None, findings: Sequence[StoredFinding], record: Record | None
) -> str:
    """What one perspective said of the head: each finding with why, and how its challenge ended."""
    if verdict is None:
        return f"{perspective} has not spoken of this head yet."
    carried = f", carried over from {verdict.carried_from[:12]}" if verdict.carried_from else ""
    head = f"**{perspective}** {_WORDS[verdict.outcome]} ({verdict.confidence:.0%}{carried}). "
    parts = [head + clean_markdown(verdict.summary)]
    for each in findings:
        lines = [f"- {_told(each, settled=False, short=False)}"]
        lines += [f"  {clean_markdown(text)}" for text in (each.finding.why, *_challenge(each)) if text]
        parts.append("\n".join(lines))
    if record is not None:
        parts.append(f"<sub>So far here: {told_record(record)}.</sub>")
    return "\n\n".join(parts)


def _challenge(stored: StoredFinding) -> Iterator[str]:
    """Why it was left out, or what upheld or lowered it: the panel puts that at the end of the evidence."""
    if stored.reason:
        yield f"{_STATES[stored.state].removeprefix(', ').capitalize()}: {stored.reason}"
    elif word := without_word(stored.finding.evidence)[1]:
        yield word


def _told(stored: StoredFinding, *, settled: bool, short: bool) -> str:
    finding = stored.finding
    state = _STATES[stored.state]
    later = "; settled by a later commit" if settled and stored.state == "published" and finding.severity.blocks else ""
    where = code(f"{finding.path}:{finding.start_line}")
    claim = clean_markdown(one_line(finding.claim, _SHORT) if short else finding.claim)
    return f"{finding.severity.value}{state}, {where}: {claim}{later}"

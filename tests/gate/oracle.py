"""Whether a pull request may be merged now, by docs/gate.md and docs/policy.md alone. It imports nothing of `app`.

It knows everything that happened (`model`) and asks git for the rest. Where the documents leave something to when an
event was handled, there are two answers: what may be open (`sure=False`), and what must be (`sure=True`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from diffs_seen import Seen, seen
from history import Git
from markers import BAD, MUTE, VAGUE, finding_key, said_by
from model import Diff, Pull, Word
from oracle_policy import BUILT_IN, Case, Override, Policy, Rule, at_least, holds, is_named, read_policy

POLICY_PATH = ".github/quorum.yml"
PROTECTED = ("main", "release")
_CONFIDENCE = {"": 0.9, VAGUE: 0.3}


@dataclass(frozen=True)
class Terms:
    min_confidence: float
    override: Override | None
    vetoes: frozenset[str]


class Oracle:
    """`roles`: everybody's permission now."""

    def __init__(self, git: Git, roles: Mapping[str, str]) -> None:
        self._git = git
        self._roles = roles

    def why_not(self, pull: Pull, *, sure: bool) -> list[str]:
        """What stands in the way; empty: it may be merged, as far as the gate goes."""
        return list(_Look(self._git, self._roles, pull, sure).faults())


class _Look:
    def __init__(self, git: Git, roles: Mapping[str, str], pull: Pull, sure: bool) -> None:
        self._git, self._roles, self._pull, self._sure = git, roles, pull, sure
        self._tip = git.tip(pull.base)
        self._diff: Seen = seen(git, self._tip, pull.head)
        self._name: Diff = (pull.base, self._diff.identity)

    def faults(self) -> Iterator[str]:
        pull = self._pull
        if not pull.open:
            yield "it is not open"
        if pull.base not in PROTECTED:
            yield "its base branch does not require the gate"
        if not self._diff.names:
            yield "its diff is empty"
        yield from self._objections()
        base, own = self._policies()
        if isinstance(base, str):
            yield base
            return
        yield from self._asked(base)
        if isinstance(own, str):
            yield own
        elif own is not None:
            yield from (f"its own policy: {fault}" for fault in self._asked(own))

    def _policies(self) -> tuple[Policy | str, Policy | str | None]:
        """The one in force, and that of the pull request if it changes it; a text says why there is none."""
        proposed = None
        if POLICY_PATH in self._diff.names:
            text = self._git.files(self._pull.head).get(POLICY_PATH, "")
            proposed = read_policy(text) or "its own policy cannot be used"
        base = read_policy(self._git.files(self._tip).get(POLICY_PATH, ""))
        if base is None and not isinstance(proposed, Policy):
            return "the base branch's policy cannot be used", proposed
        return base or self._last_usable(), proposed

    def _last_usable(self) -> Policy:
        """The newest policy before that could be used, on the base branch itself."""
        for commit in self._git.run("rev-list", "--first-parent", self._tip).split():
            found = read_policy(self._git.files(commit).get(POLICY_PATH, ""))
            if found is not None:
                return found
        return Policy()

    def _asked(self, policy: Policy) -> Iterator[str]:
        terms = Terms(policy.min_confidence, policy.override or None, policy.vetoes)  # type: ignore[arg-type]
        for name in policy.required:
            yield from self._perspective(name, terms)
        if policy.strict and not self._git.is_ancestor(self._tip, self._pull.head):
            yield "the base branch has moved on"
        pull = self._pull
        role = self._roles[pull.author]
        case = Case(self._diff.names, self._diff.size, pull.labels, pull.author, role, pull.base)
        for rule in (*BUILT_IN, *policy.rules):
            if holds(rule.applies_to, case) is not False:
                yield from self._rule(rule, policy, terms)

    def _rule(self, rule: Rule, policy: Policy, terms: Terms) -> Iterator[str]:
        may = terms.override if rule.override is None else rule.override or None
        own = replace(terms, override=may, min_confidence=max(terms.min_confidence, rule.min_confidence))  # type: ignore[type-var]
        names = rule.perspectives or (policy.required if rule.min_confidence else ())
        for name in names:
            yield from self._perspective(name, own)
        there = {login for login in self._approvers() if is_named(login, self._roles[login], rule.who)}
        if len(there) < rule.people and not self._overridden("people", own.override):
            yield f"{len(there)} of {rule.people} people approved"

    def _perspective(self, name: str, terms: Terms) -> Iterator[str]:
        if not self._sure and (name, self._name) not in self._pull.heard:
            fault = f"{name} was not shown this diff"
        else:
            said, line = said_by(name, self._diff.added)
            if said == BAD and line is not None:
                fault = "" if self._dismissed(name, finding_key(line), terms) else f"{name} refused it"
            elif said == MUTE:
                fault = f"{name} gave no answer"
            else:
                fault = "" if _CONFIDENCE[said] >= terms.min_confidence else f"{name} was not sure"
        if fault and not (name not in terms.vetoes and self._overridden(name, terms.override)):
            yield fault

    # What people said.

    def _objections(self) -> Iterator[str]:
        for login, review in self._opinions().items():
            if review == "changes_requested" and self._may_write(login):
                yield f"{login} asks for changes"
        for word in self._words("veto"):
            if self._may_write(word.login):
                yield f"{word.login} vetoed it"

    def _opinions(self) -> dict[str, str]:
        return {each.login: each.state for each in sorted(self._pull.reviews, key=lambda each: each.id)}

    def _approvers(self) -> Iterator[str]:
        """Whose newest review approves this very diff, and who wrote no part of it."""
        newest = {each.login: each for each in sorted(self._pull.reviews, key=lambda each: each.id)}
        wrote = {login for login, changed in self._pull.pushes if changed or self._sure} | {self._pull.author}
        for login, review in newest.items():
            in_time = not review.late and (review.commit == self._pull.head or review.commit in self._pull.settled)
            known = in_time or not self._sure
            if review.state == "approved" and review.diff == self._name and known and login not in wrote:
                yield login

    def _overridden(self, target: str, override: Override | None) -> bool:
        if override is None:
            return False
        for word in self._words("override"):
            author = word.login == self._pull.author and not override.author
            right = is_named(word.login, self._roles[word.login], override.by)
            if word.target == target and self._is_of_this(word) and right and not author:
                return True
        return False

    def _is_of_this(self, word: Word) -> bool:
        """A word that names no commit may be taken for what came before it was heard."""
        return word.diff == self._name or (not self._sure and self._name in word.others)

    def _dismissed(self, name: str, key: str, terms: Terms) -> bool:
        if name in terms.vetoes or terms.override is None:
            return False
        for word in self._words("dismiss"):
            author = word.login == self._pull.author and not terms.override.author
            if key.startswith(word.target) and self._may_write(word.login) and not author:
                return True
        return False

    def _words(self, verb: str) -> Iterator[Word]:
        """Words that hold: Quorum says in public which ones it has taken. Until then, doubt keeps the gate closed."""
        for word in self._pull.words:
            held = word.taken if word.taken is not None else not word.gone if verb == "veto" else not self._sure
            if word.verb == verb and word.plain and held and not self._is_taken_back(word):
                yield word

    def _is_taken_back(self, word: Word) -> bool:
        """By who said it, later; a veto by whoever maintains the repository, too."""
        for later in self._pull.words:
            if later.verb != "withdraw" or later.id < word.id or not later.plain or later.gone:
                continue
            maintains = word.verb == later.target == "veto" and at_least(self._roles[later.login], "maintain")
            if (later.login == word.login or maintains) and later.target in {"", word.verb, word.target}:
                return True
        return False

    def _may_write(self, login: str) -> bool:
        return at_least(self._roles[login], "write")

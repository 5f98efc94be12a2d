"""Random histories against the gate: whatever can be merged must be what the oracle would have let through.

`QUORUM_GATE_EXAMPLES` says how many histories are played; `make gate-examples` plays 2,000.
"""

import os
import random
import sys
from collections import Counter
from datetime import datetime
from typing import ClassVar

import people
from edits import EDITS, PERSPECTIVES, POLICY_EDITS, QUIET_EDITS, edit
from gate_stage import GateStage
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from markers import BAD, finding_key, said_by
from model import Pull
from oracle import PROTECTED, Oracle
from policies import POLICIES
from world import World

_EXAMPLES = int(os.environ.get("QUORUM_GATE_EXAMPLES", "6"))
_STEPS = int(os.environ.get("QUORUM_GATE_STEPS", "25"))

which = st.integers(0, 5)
harmless = st.sampled_from(["fine", "fine below"])
edits = st.one_of(harmless, st.sampled_from(EDITS))
branches = st.sampled_from(["main", "main", "main", "release", "release", "scratch"])
policies = st.one_of(st.just("plain"), st.sampled_from(sorted(POLICIES)))
writers = st.sampled_from(["wes", "will", "maya"])
speakers = st.sampled_from(["ada", "maya", "maya", "wes", "will", "will", "rita"])
there_are_pulls = precondition(lambda self: bool(self.world.pulls))
there_is_mail = precondition(lambda self: bool(self.world.outbox))


class GateMachine(RuleBasedStateMachine):
    """`ends` counts, over all histories, how pull requests stood when everything was worked out."""

    ends: ClassVar[Counter[str]] = Counter()

    def __init__(self, stage: GateStage) -> None:
        super().__init__()
        self.world = World(stage)
        self.oracle = Oracle(self.world.git, self.world.roles)
        self.granted: set[str] = set()
        self.count = 0
        self.settled_at: datetime | None = None

    @initialize(policy=policies, author=st.sampled_from(["wes", "rita"]), kind=edits, calm=st.booleans())
    def found(self, policy: str, author: str, kind: str, calm: bool) -> None:
        """One pull request is there from the start, perhaps reviewed already."""
        people.found(self.world, POLICIES[policy])
        self.open_pull(author, "main", kind)
        if calm:
            self.settle()

    # Commits and where they are to go.

    @rule(author=st.sampled_from(["wes", "rita"]), base=branches, kind=edits)
    @precondition(lambda self: len(self.world.pulls) < 3)
    def open_pull(self, author: str, base: str, kind: str) -> None:
        tip = self.world.git.tip(base)
        people.open_pull(self.world, author, base, self._commit(kind, tip))

    @there_are_pulls
    @precondition(lambda self: len(self.world.pulls) < 3)
    @rule(number=which, base=branches)
    def open_another_with_the_same_head(self, number: int, base: str) -> None:
        pull = self._pull(number)
        people.open_pull(self.world, "will", base, self.world.git.tip(pull.branch), branch=pull.branch)

    @there_are_pulls
    @rule(number=which, login=writers, kind=edits)
    def push(self, number: int, login: str, kind: str) -> None:
        pull = self._pull(number)
        people.push(self.world, login, pull.branch, self._commit(kind, self.world.git.tip(pull.branch)))

    @there_are_pulls
    @rule(number=which, login=writers, head=which)
    def push_back(self, number: int, login: str, head: int) -> None:
        pull = self._pull(number)
        people.push(self.world, login, pull.branch, pull.heads[head % len(pull.heads)])

    @there_are_pulls
    @rule(number=which, login=writers, rebase=st.booleans(), evil=st.sampled_from([None, None, *QUIET_EDITS]))
    def bring_up_to_date(self, number: int, login: str, rebase: bool, evil: str | None) -> None:
        """By a merge of the base branch or by a rebase; an evil one has a change of its own in it."""
        pull, git = self._pull(number), self.world.git
        tip, head = git.tip(pull.base), git.tip(pull.branch)
        files = git.merged(tip, head)
        if files is not None and not git.is_ancestor(tip, head):
            self.count += 1
            changes = edit(evil, self.count, files) if evil else {}
            people.push(
                self.world, login, pull.branch, git.commit(changes, *((tip,) if rebase else (head, tip)), files=files)
            )

    @rule(base=branches, kind=st.one_of(harmless, st.sampled_from(["rename", "database", *POLICY_EDITS])))
    def move_base(self, base: str, kind: str) -> None:
        people.push(self.world, "ada", base, self._commit(kind, self.world.git.tip(base)))

    @there_are_pulls
    @rule(number=which, base=branches)
    def retarget(self, number: int, base: str) -> None:
        people.retarget(self.world, self._pull(number), base)

    @there_are_pulls
    @rule(number=which, reopen=st.booleans())
    def close(self, number: int, reopen: bool) -> None:
        people.close(self.world, self._pull(number), reopen=reopen)

    @there_are_pulls
    @rule(number=which)
    def turn_draft(self, number: int) -> None:
        people.turn_draft(self.world, self._pull(number))

    # What is said of it, and by whom.

    @there_are_pulls
    @rule(
        number=which, login=st.sampled_from(["tria", "will", "helper[bot]"]), name=st.sampled_from(["light", "grave"])
    )
    def label(self, number: int, login: str, name: str) -> None:
        people.label(self.world, self._pull(number), login, name)

    @there_are_pulls
    @rule(number=which, name=st.sampled_from(["light", "grave"]))
    def unlabel(self, number: int, name: str) -> None:
        people.unlabel(self.world, self._pull(number), name)

    @there_are_pulls
    @rule(number=which, login=speakers, event=st.sampled_from(["APPROVE", "APPROVE", "REQUEST_CHANGES"]))
    def review(self, number: int, login: str, event: str) -> None:
        people.review(self.world, self._pull(number), login, event)

    @there_are_pulls
    @rule(number=which, position=which)
    def dismiss_review(self, number: int, position: int) -> None:
        people.dismiss_review(self.world, self._pull(number), position)

    @there_are_pulls
    @rule(
        number=which,
        login=speakers,
        what=st.sampled_from([*PERSPECTIVES, "people", "people"]),
        how=st.sampled_from(["named", "named", "named", "bare", "quoted", "silent"]),
    )
    def override(self, number: int, login: str, what: str, how: str) -> None:
        people.say(self.world, self._pull(number), login, "override", what, how=how)

    @there_are_pulls
    @rule(number=which, login=speakers, name=st.sampled_from(PERSPECTIVES[:3]))
    def dismiss_finding(self, number: int, login: str, name: str) -> None:
        pull = self._pull(number)
        said, line = said_by(name, self.world.diff(pull).added)
        if said == BAD and line is not None:
            people.say(self.world, pull, login, "dismiss", finding_key(line))

    @there_are_pulls
    @rule(number=which, login=speakers)
    def veto(self, number: int, login: str) -> None:
        people.say(self.world, self._pull(number), login, "veto")

    @there_are_pulls
    @rule(number=which, login=speakers, what=st.sampled_from(["", "veto", "testing"]))
    def withdraw(self, number: int, login: str, what: str) -> None:
        people.say(self.world, self._pull(number), login, "withdraw", what, how="named")

    @there_are_pulls
    @rule(number=which, position=which, rewrite=st.booleans())
    def unsay(self, number: int, position: int, rewrite: bool) -> None:
        words = self._pull(number).words
        if words:
            people.unsay(self.world, words[position % len(words)], edit=rewrite)

    @rule(login=st.sampled_from(["maya", "wes", "will", "rita"]), role=st.sampled_from(["read", "write", "maintain"]))
    def change_role(self, login: str, role: str) -> None:
        self.world.roles[login] = role

    @there_are_pulls
    @rule(number=which, what=st.sampled_from(["run", "suite", "button"]), login=speakers)
    def press(self, number: int, what: str, login: str) -> None:
        people.press(self.world, self._pull(number), what, login)

    @there_are_pulls
    @rule(number=which, status=st.booleans())
    def pretend_to_be_the_gate(self, number: int, status: bool) -> None:
        people.pretend(self.world, self._pull(number), status=status)

    # Quorum.

    @there_is_mail
    @rule(position=st.integers(0, 9), again=st.booleans())
    def hear(self, position: int, again: bool) -> None:
        self.world.hear(position % len(self.world.outbox), again=again)

    @there_is_mail
    @rule(seed=st.integers(0, 9))
    def shuffle(self, seed: int) -> None:
        random.Random(seed).shuffle(self.world.outbox)  # noqa: S311 - an order, not a secret

    @there_is_mail
    @rule(position=st.integers(0, 9))
    def lose(self, position: int) -> None:
        self.world.lose(position % len(self.world.outbox))

    @rule(moments=st.sampled_from([1, 3, 8, 20, 60]), newest=st.booleans())
    def drive(self, moments: int, newest: bool) -> None:
        self.world.go_on(moments, newest)

    @rule()
    def hear_and_finish(self) -> None:
        self.world.hear_and_finish()

    @precondition(lambda self: self.world.deaths < 4)
    @rule()
    def die(self) -> None:
        self.world.die()

    @rule()
    def sweep(self) -> None:
        self.world.sweep()

    @rule()
    def settle(self) -> None:
        self.world.settle()
        self.settled_at = self.world.stage.time
        self._note_grants(anew=True)
        for pull in self._open():
            self._must_be_settled(pull)
        unanswered = [word for pull in self.world.pulls.values() for word in pull.words if word.waits]
        assert not unanswered, f"nobody answered {unanswered}"

    # What must hold.

    @invariant()
    def nothing_is_wrongly_open(self) -> None:
        self.world.read_answers()
        self._note_grants(anew=False)
        for pull in self.world.pulls.values():
            if self.world.is_green(pull.head) or (pull.base in PROTECTED and self.world.can_be_merged(pull)):
                faults = self._faults(pull, sure=False)
                assert pull.head in self.granted, f"#{pull.number} could be merged, and never might be: {faults}"

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None and self.settled_at != self.world.stage.time:
                self.settle()
        finally:
            self.world.close()

    def _must_be_settled(self, pull: Pull) -> None:
        green, name = self.world.is_green(pull.head), f"#{pull.number} into {pull.base} at {pull.head[:12]}"
        self.ends["green" if green else "closed"] += 1
        doubt, sure = self._faults(pull, sure=False), self._faults(pull, sure=True)
        assert not (green and doubt), f"{name} is wrongly open: {doubt}"
        assert green or sure, f"{name} is wrongly closed: {self.world.title_of_gate(pull.head)}"
        if pull.base in PROTECTED:
            may = green and not pull.draft and not self.world.asks_for_changes(pull) and self.world.merges(pull)
            assert self.world.can_be_merged(pull) == may, name

    def _faults(self, pull: Pull, *, sure: bool) -> list[str]:
        """Of all open pull requests with its head: GitHub keeps checks by commit.

        One into a branch that anybody may change has no say where another is into one that is protected.
        """
        same = [each for each in self._open() if each.head == pull.head]
        counted = [each for each in same if each.base in PROTECTED] or same
        return [f"#{each.number}: {fault}" for each in counted for fault in self.oracle.why_not(each, sure=sure)]

    def _note_grants(self, *, anew: bool) -> None:
        """Between an event and its handling the old decision stands; a commit that nobody asks about keeps its own."""
        for pull in self._open():
            if anew:
                self.granted.discard(pull.head)
            if not self._faults(pull, sure=False):
                self.granted.add(pull.head)

    def _open(self) -> list[Pull]:
        return [pull for pull in self.world.pulls.values() if pull.open]

    def _pull(self, number: int) -> Pull:
        pulls = list(self.world.pulls.values())
        return pulls[number % len(pulls)]

    def _commit(self, kind: str, parent: str) -> str:
        self.count += 1
        return self.world.git.commit(edit(kind, self.count, self.world.git.files(parent)), parent)


def test_no_history_opens_the_gate_wrongly_or_leaves_it_closed(stage, told):
    run_state_machine_as_test(
        lambda: GateMachine(stage),
        settings=settings(
            max_examples=_EXAMPLES, stateful_step_count=_STEPS, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )

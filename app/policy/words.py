"""The project's own words on one change: which of its perspectives and instructions it concerns. Pure."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.globs import Paths
from app.policy.instructions import PathInstruction
from app.policy.own import OwnPerspective, touches
from app.policy.reads import MOST
from app.policy.rules import KNOWN


@dataclass(frozen=True)
class Words:
    """`own`: perspectives of the project and what it adds to ours; `instructions`: for files that are changed.

    `digested`: all that concerns the change as one text, for a fingerprint; empty if the project says nothing of it.
    """

    own: tuple[OwnPerspective, ...] = ()
    instructions: tuple[PathInstruction, ...] = ()
    digested: str = ""

    def on(self, name: str) -> OwnPerspective | None:
        """What the project says of a perspective."""
        return next((each for each in self.own if each.name == name), None)

    @property
    def for_all(self) -> tuple[str, ...]:
        """Instructions for whoever reviews."""
        return tuple(each.instructions for each in self.instructions if each.perspectives is None)

    def only_for(self, name: str) -> tuple[str, ...]:
        """What the reviewer of a perspective is told besides."""
        return tuple(each.instructions for each in self.instructions if name in (each.perspectives or ()))


def words_on(policy: Policy, changed: Sequence[str]) -> Words:
    """What concerns a change of these files. `changed`: both names of a rename."""
    paths = Paths(changed)
    about = [each for each in policy.own if not each.later and touches(each.paths, paths)]
    instructions = tuple(each for each in policy.path_instructions if touches(each.paths, paths))
    told = [[_digested(each) for each in about], [each.model_dump(mode="json") for each in instructions]]
    return Words(
        # Whoever is asked for another reason than these files must be known all the same.
        own=tuple(each for each in policy.own if each in about or not (each.later or each.name in KNOWN)),
        instructions=instructions,
        digested=json.dumps(told) if about or instructions else "",
    )


def _digested(own: OwnPerspective) -> dict[str, object]:
    """What narrows nothing is left out, so that verdicts from before there was such a key still stand."""
    told = asdict(own)
    return told if own.reads != MOST else {key: value for key, value in told.items() if key != "reads"}


def why_unasked(name: str, policy: Policy, facts: Facts) -> str:
    """Why a perspective of the project's own has no part in this pull request; empty if it has. Ours always has."""
    own = next((each for each in policy.own if each.name == name), None)
    if own is None or name in KNOWN:
        return ""
    if own.later:
        return "is not asked: its file comes with this pull request, and it begins once that is on the base branch"
    if facts.paths is None or touches(own.paths, facts.paths):
        return ""
    return "is not asked: no changed file is one that its file names"


def names_under(*policies: Policy | None) -> tuple[str, ...]:
    """Every perspective that there is, the project's own among them."""
    own = (each.name for policy in policies if policy is not None for each in policy.own)
    return tuple(dict.fromkeys((*KNOWN, *own)))


def names_in(policy: Policy) -> frozenset[str]:
    """Every perspective that some part of a policy asks."""
    asked = [rule.requires for rule in policy.rules]
    by_rules = (
        name for each in asked for name in (*(each.perspectives or ()), *(each.some_of.of if each.some_of else ()))
    )
    return frozenset((*policy.perspectives, *policy.required_perspectives, *by_rules))

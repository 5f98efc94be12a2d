"""What a repair of somebody else's change may not hold, whatever the agent was talked into. Pure."""

from app.policy.kinds import Kind, kinds_of, plain_path
from app.policy.weakening import weakenings
from app.sandbox.changed_texts import changed_texts
from app.sandbox.diffs import parse_diff
from app.sandbox.patches import validate

_GOVERNING: frozenset[Kind] = frozenset({"workflows", "policy", "ownership"})
_WORDS_TO_AGENTS = frozenset({"agents.md", "claude.md"})
"""Of whatever folder: what agents are told here is no repair."""


def out_of_bounds(diff: bytes) -> list[str]:
    """Why the diff must not be offered, each as words that end a sentence; none when it may be.

    Who takes it may not look closely: so nothing in it changes what runs, who decides, what agents are told, or what
    tests ask for.
    """
    refusals = [f"`{each.path}`: {each.reason}" for each in validate(diff)]
    if refusals:
        return refusals  # among them what cannot be read
    paths = dict.fromkeys(path for file in parse_diff(diff) for path in file.paths)
    refusals = [f"`{path}`: it governs the project" for path in paths if _governs(path)]
    weakened = [each for each in weakenings(changed_texts(diff)) if each.kind.is_proven]
    return [*refusals, *(f"`{each.path}`, line {each.line}: {each.kind.value}" for each in weakened)]


def _governs(path: str) -> bool:
    parts = plain_path(path).split("/")
    return parts[0] == ".github" or parts[-1] in _WORDS_TO_AGENTS or bool(kinds_of(path) & _GOVERNING)

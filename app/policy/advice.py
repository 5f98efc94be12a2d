"""What a policy file says and surely does not mean. It can be used as it is; nothing here is an error. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.policy.conditions import PERMISSIONS
from app.policy.config import Policy, parse_policy
from app.policy.own import OwnFile
from app.policy.rules import KNOWN, Rule
from app.policy.terms import terms_of
from app.policy.values import JsonValue
from app.policy.words import names_in
from app.policy.yaml_tree import Path, Tree, read_tree, shown

_LIKE_ROLES = frozenset(
    {*PERMISSIONS, "maintainer", "maintainers", "administrator", "administrators", "admins", "owner"}
)
_WHO = frozenset({"who", "by", "users"})


@dataclass(frozen=True)
class Advice:
    """`line` and `column` count from 1; `remedy` says what to write if it is not meant."""

    line: int
    column: int
    message: str
    remedy: str


def advice_on(text: str, own: Sequence[OwnFile] = ()) -> tuple[Advice, ...]:
    """What to think over, from the top of the file. Raises `PolicyError` where the file cannot be used.

    `own`: files of the project's own perspectives.
    """
    policy, tree = parse_policy(text, own), read_tree(text)
    found = [*_without_value(tree), *_like_roles(tree), *_idle_rules(policy, tree), *_never_asked(policy)]
    return tuple(sorted(found, key=lambda each: (each.line, each.column)))


def adds_nothing(rule: Rule, policy: Policy) -> bool:
    """Whether everything that the rule asks for is asked for of every pull request, on terms that are no laxer."""
    wanted, always = rule.requires, frozenset(policy.required_perspectives)
    more = wanted.people is not None or wanted.codeowners or bool(wanted.checks)
    missing = frozenset(wanted.perspectives or ()) - always
    some = wanted.some_of
    short = some is not None and len(always & frozenset(some.of)) < some.count
    return not (more or missing or short) and terms_of(policy, rule) == terms_of(policy)


def _idle_rules(policy: Policy, tree: Tree) -> Iterator[Advice]:
    for index, rule in enumerate(policy.rules):
        if adds_nothing(rule, policy):
            message = f"`{rule.name}` asks for nothing that is not asked of every pull request"
            remedy = "Leave the rule out, name in `required` only what is always needed, or ask for more."
            yield _at(tree, ("rules", index), message, remedy)


def _never_asked(policy: Policy) -> Iterator[Advice]:
    for each in policy.own:
        if each.name not in {*KNOWN, *names_in(policy)}:
            message = f"the perspective `{each.name}` has a file, and nobody asks it"
            yield Advice(1, 1, message, "Name it in `perspectives`, or in what a rule requires.")


def _like_roles(tree: Tree) -> Iterator[Advice]:
    """`@write` is a person of that name, and so is `triage`, which is no role that can be named."""
    for path, value in _values(tree.value):
        if not isinstance(value, str) or len(path) < 2 or path[-2] not in _WHO:  # noqa: PLR2004 - an item in a key
            continue
        name = value.removeprefix("@").casefold()
        role = path[-2] != "users" and value in {"write", "maintain", "admin"}
        if name in _LIKE_ROLES and not role:
            message = f"`{shown(value)}` is the person of that name, not everybody with a role"
            remedy = "Roles are `write`, `maintain` and `admin`, without a sign before them."
            if path[-2] == "users":
                remedy = "Write `permission: write`, or another, for everybody who has it."
            yield _at(tree, path, message, remedy)


def _without_value(tree: Tree) -> Iterator[Advice]:
    for path, value in _values(tree.value):
        if value is None:
            message = f"`{shown(str(path[-1]))}` has no value, and counts as left out"
            yield _at(tree, path, message, "Write its value, or leave the key out.")


def _values(value: JsonValue, path: Path = ()) -> Iterator[tuple[Path, JsonValue]]:
    """Every value with its path."""
    if path:
        yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from _values(each, (*path, key))


def _at(tree: Tree, path: Path, message: str, remedy: str) -> Advice:
    place = tree.place(path)
    return Advice(place.line, place.column, message, remedy)

"""Which facts a policy asks about, so that nobody fetches what no rule looks at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.policy.by_default import rules_under
from app.policy.conditions import Condition
from app.policy.config import Policy
from app.policy.rules import Rule


@dataclass(frozen=True)
class Needs:
    """`teams`: every team that is named, as `@org/team`. `lines`: the text of the changed lines."""

    teams: frozenset[str]
    author: bool
    labels: bool
    lines: bool
    whitespace: bool
    signed: bool
    checks: bool
    owners: bool


def needs_of(policies: Sequence[Policy]) -> Needs:
    rules = [rule for policy in policies for rule in rules_under(policy)]
    extra = [policy.automerge.applies_to for policy in policies if policy.automerge is not None]
    tops = [*(rule.applies_to for rule in rules), *extra]
    conditions = [each for top in tops if top is not None for each in _inside(top)]
    authors = [each.author for each in conditions if each.author is not None]
    return Needs(
        teams=frozenset(
            team.casefold()
            for team in (
                *(team for author in authors for team in author.teams or ()),
                *(who for rule in rules for who in _who(rule)),
                *(who for policy in policies if policy.override for who in policy.override.by),
            )
            if "/" in team
        ),
        author=any(author.teams is not None or author.permission is not None for author in authors),
        labels=any(each.labels is not None for each in conditions),
        lines=any(each.lines is not None or each.only_lines is not None for each in conditions),
        whitespace=any(each.whitespace_only is not None for each in conditions),
        signed=any(each.signed is not None for each in conditions),
        checks=any(each.checks is not None for each in conditions) or any(rule.requires.checks for rule in rules),
        owners=any(rule.requires.codeowners for rule in rules),
    )


def _who(rule: Rule) -> Iterator[str]:
    yield from rule.requires.people.who if rule.requires.people is not None else ()
    yield from rule.override.by if rule.override else ()


def _inside(condition: Condition) -> Iterator[Condition]:
    yield condition
    parts = [*(condition.all_of or ()), *(condition.any_of or ())]
    for part in [*parts, *([condition.none_of] if condition.none_of is not None else [])]:
        yield from _inside(part)

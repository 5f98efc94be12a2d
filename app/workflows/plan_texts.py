"""Plans in words: for people on the issue, and for agents in a prompt. Pure."""

from collections.abc import Mapping, Sequence

from app.forge.clean import clean_markdown
from app.policy.plan import LETTERS, Part, Plan, Vote
from app.policy.render import code, on_one_line
from app.policy.votes import By, Choice
from app.workflows.texts import brief, count

_REASON = 120
_WHY: Mapping[By, str] = {
    "only": "No other plan was made.",
    "votes": "It has more votes.",
    "risk": "The votes are even; it has the lower risk.",
    "size": "The votes are even and so is the risk; it is the smaller one.",
    "order": "The votes, the risk and the size are even; it was made first.",
}
_ASK = (
    "**Waiting for a word**, by somebody with write permission, in a comment of its own:\n\n"
    "- `{at} go`: build it{other}. `go but …` tells whoever builds it something besides.\n"
    "- `{at} redo because …`: make new plans that heed the reason.\n"
    "- `{at} stop`: leave it."
)


def render_plan(
    plans: Sequence[Plan], choice: Choice, votes: Mapping[str, Vote], *, slug: str = "", round_: int = 1, note: str = ""
) -> str:
    """The comment. `slug`: our name, if it asks for `go`. `note`: a sentence of ours on how the plans came about."""
    chosen = plans[LETTERS.index(choice.plan)]
    title = "### The plan" if round_ == 1 else f"### The plan, made anew ({round_})"
    parts = [title, *_render(chosen)]
    if note:
        parts.append(note)
    for letter, plan in zip(LETTERS, plans, strict=False):
        if letter != choice.plan:
            told = "\n\n".join(_render(plan))
            parts.append(f"**Why this one:** {_settled(choice)}")
            parts += _render_votes(votes)
            parts.append(f"<details><summary>The alternative, plan {letter}</summary>\n\n{told}\n\n</details>")
    if slug:
        other = next((each for each in LETTERS[: len(plans)] if each != choice.plan), None)
        parts.append(_ASK.format(at=f"@{slug}", other=f" (`go with {other}`: the alternative)" if other else ""))
    return "\n\n".join(parts)


def tell_plan(plan: Plan) -> str:
    """For a prompt, where it has to be enclosed: a model wrote it."""
    steps = "\n".join(f"{number}. {each}" for number, each in enumerate(plan.steps, start=1))
    told = [
        plan.summary,
        f"Steps:\n{steps}",
        f"Files: {', '.join(plan.files)}",
        f"Risk: {plan.risk}: {plan.risk_reason}",
        f"Size: about {count(plan.lines, 'line')}",
        f"Tested by: {plan.tested}",
        *([f"Left out: {plan.left_out}"] if plan.left_out else []),
        *([f"Too large for one pull request; its parts:\n{_parts_told(plan.parts)}"] if plan.parts else []),
    ]
    return "\n\n".join(told)


def tell_objections(objections: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {word}" for name, word in objections.items())


def _render(plan: Plan) -> list[str]:
    steps = "\n".join(f"{number}. {_line(each)}" for number, each in enumerate(plan.steps, start=1))
    facts = [
        f"**Files:** {', '.join(code(path) for path in plan.files)}",
        f"**Risk:** {plan.risk}. {_line(plan.risk_reason)}",
        f"**Size:** about {count(plan.lines, 'line')}",
        f"**Tested by:** {_line(plan.tested)}",
        *([f"**Left out:** {_line(plan.left_out)}"] if plan.left_out.strip() else []),
    ]
    parts = [f"**In {count(len(plan.parts), 'part')}:**", _render_parts(plan.parts)] if plan.parts else []
    return [_line(plan.summary), steps, "\n".join(f"- {fact}" for fact in facts), *parts]


def _render_parts(parts: Sequence[Part]) -> str:
    return "\n".join(f"{number}. {_line(part.title)}{_after(part)}" for number, part in enumerate(parts, start=1))


def _parts_told(parts: Sequence[Part]) -> str:
    told = (f"{number}. {part.title}{_after(part)}: {part.body}" for number, part in enumerate(parts, start=1))
    return "\n".join(told)


def _after(part: Part) -> str:
    return f" (after {', '.join(map(str, sorted(set(part.depends_on))))})" if part.depends_on else ""


def _settled(choice: Choice) -> str:
    first, second = choice.counts[LETTERS.index(choice.plan)], choice.counts[1 - LETTERS.index(choice.plan)]
    return f"plan {choice.plan}, {first} to {second}. {_WHY[choice.by]}"


def _render_votes(votes: Mapping[str, Vote]) -> list[str]:
    """A line each; what that leaves out can be unfolded."""
    short, whole = [], []
    for name, vote in votes.items():
        reason, objection = _line(vote.reason), _line(f"{vote.objection} {vote.for_both}")
        but = ", with an objection" if objection else ""
        short.append(f"- {code(name)} votes for {vote.plan}{but}: {brief(vote.reason, _REASON)}")
        whole.append(f"- {code(name)}, for {vote.plan}: {reason}{f' **But:** {objection}' if objection else ''}")
    if not any(
        each.objection.strip() or each.for_both.strip() or len(each.reason) > _REASON for each in votes.values()
    ):
        return ["\n".join(short)] if short else []
    listed = "\n".join(whole)
    return ["\n".join(short), f"<details><summary>The votes in full</summary>\n\n{listed}\n\n</details>"]


def _line(text: str) -> str:
    """What a model wrote, harmless and on one line."""
    return on_one_line(clean_markdown(on_one_line(text)))

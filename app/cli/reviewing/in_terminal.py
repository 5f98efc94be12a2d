"""A review for who sits before a terminal. The words of others are only text."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from app.cli.reviewing.outcome import Remark, Review
from app.cli.reviewing.words import NOTHING, nothing_found, one_line, opening, unseen, what_it_does, who_judged
from app.cli.tree import terminal
from app.forge.visible import only_visible
from app.policy.finding import Outcome, Severity

_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.MAJOR: "red",
    Severity.MINOR: "yellow",
    Severity.NIT: "dim",
}
_WORDS = {
    Outcome.APPROVED: ("approved", "green"),
    Outcome.BLOCKED: ("refused", "bold red"),
    Outcome.ABSTAINED: ("could not review", "bold yellow"),
}


def show_review(review: Review) -> None:
    """What is to be mended first, then how each perspective stands, then what was not looked at."""
    console = terminal()
    console.print(Text(opening(review)), soft_wrap=True)
    if not review.files:
        console.print(Text(NOTHING))
    for line in what_it_does(review):
        console.print(Text(line))
    for remark in review.remarks:
        _show_remark(console, remark)
    if review.files and not review.remarks:
        console.print(Text(f"\n{nothing_found(review)}", "bold"))
    console.print()
    for each in review.verdicts:
        word, style = _WORDS[each.outcome]
        sure = f" ({each.confidence:.0%})" if each.confidence else ""
        told = Text.assemble((f"{each.perspective:<15} ", "bold"), (word, style), sure, f": {one_line(each.summary)}")
        console.print(told)
    notes = unseen(review) if review.files else map(one_line, (*review.notes, *review.left_out))
    for line in notes:
        console.print(Text(line, "dim"))
    if review.files:
        console.print(Text(who_judged(review), "bold yellow" if review.model is None else "dim"))


def _show_remark(console: Console, remark: Remark) -> None:
    """The place stays on one line with nothing around it, so that a terminal makes it a link."""
    head = Text.assemble(
        "\n",
        (one_line(remark.place), "bold"),
        " ",
        (remark.severity.value, _STYLES[remark.severity]),
        f" · {remark.by} · {one_line(remark.category)}",
    )
    console.print(head, soft_wrap=True)
    for text, style in ((remark.claim, ""), (remark.why, "dim"), (remark.evidence, "dim")):
        if text.strip():
            console.print(Padding(Text(only_visible(text).strip(), style), (0, 0, 0, 2), expand=False))
    if remark.proof:
        told = f"Shown by running:\n{only_visible(remark.proof)}"
        console.print(Padding(Text(told, "dim"), (0, 0, 0, 2), expand=False))
    for line in only_visible(remark.quote).splitlines():
        console.print(Text(f"  > {line}", "dim"), soft_wrap=True)

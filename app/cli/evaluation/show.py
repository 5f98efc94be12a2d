"""A summary for people and for programs."""

from collections.abc import Sequence
from typing import Any

import typer
from rich.table import Table

from app.cli.evaluation.summary import Row, Summary
from app.cli.tree import plain, terminal

_COLUMNS = ("", "found", "missed", "false alarms", "precision", "recall", "tokens", "cost", "seconds")


def show_summary(summary: Summary) -> None:
    """The table, then by name what was missed, what was a false alarm, and who gave no answer."""
    table = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, justify="left" if not name else "right")
    for row in (*summary.rows, summary.in_all):
        table.add_row(*_cells(row), style="bold" if row is summary.in_all else None)
    terminal().print(table)
    typer.echo(
        f"\ncases: {summary.cases}, in {summary.seconds:.0f} s; "
        f"clean ones: {summary.clean}, of which {summary.clean_and_quiet} passed without a word."
    )
    _list("missed", summary.missed)
    _list("false alarms, to be looked at: one may be a fault that nobody planted", summary.false_alarms)
    _list("repeated, but of another kind than what was found there: one may be a fault of its own", summary.other_kinds)
    _list("no usable answer; these cases are heard again next time", summary.silent)


def summary_json(summary: Summary) -> dict[str, Any]:
    return {
        "cases": summary.cases,
        "clean": {"cases": summary.clean, "quiet": summary.clean_and_quiet},
        "perspectives": {row.name: _row_json(row) for row in summary.rows},
        "in_all": _row_json(summary.in_all),
        "missed": list(summary.missed),
        "false_alarms": list(summary.false_alarms),
        "other_kinds": list(summary.other_kinds),
        "silent": list(summary.silent),
        "seconds": round(summary.seconds, 1),
    }


def _cells(row: Row) -> list[str]:
    score, spent = row.score, row.spent
    return [
        row.name,
        str(score.found),
        str(score.missed),
        str(score.false_alarms),
        _share(score.precision),
        _share(score.recall),
        f"{spent.tokens:,}",
        f"${spent.cost / 1e6:.2f}",
        f"{spent.seconds:.0f}",
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _row_json(row: Row) -> dict[str, Any]:
    score, spent = row.score, row.spent
    return {
        "found": score.found,
        "missed": score.missed,
        "right": score.right,
        "repeated": score.repeated,
        "false_alarms": score.false_alarms,
        "precision": score.precision,
        "recall": score.recall,
        "calls": spent.calls,
        "tokens": {
            "input": spent.input,
            "cache_read": spent.cache_read,
            "cache_write": spent.cache_write,
            "output": spent.output,
        },
        "cost_usd": spent.cost / 1e6,
        "seconds": round(spent.seconds, 1),
    }


def _list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo(f"\n{heading}:")
        for line in lines:
            typer.echo(f"  {plain(line)}")

"""`quorum evaluate`: how good the council is, on pull requests whose faults are known."""

import asyncio
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.cli.evaluation.planted import PlantedCase
    from app.cli.evaluation.results import Result
    from app.settings import Settings

_CORPUS = Path("tests/corpus")


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def evaluate(
    cases: Annotated[list[Path] | None, typer.Argument(help="Folders of cases; without any, tests/corpus.")] = None,
    model: Annotated[str, typer.Option(help="The model; without it, QUORUM_MODEL.")] = "",
    perspective: Annotated[list[str] | None, typer.Option(help="Ask only this one; can be repeated.")] = None,
    as_: Annotated[Format, typer.Option("--format", help="How the figures are printed.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(help="Keep results here; cases in it are not heard again.")] = None,
) -> None:
    """Let the council review cases, and print what it found, what it missed and what that cost.

    Each case is one review: it costs up to the `budget_usd` of the default policy.
    """
    from app.cli.evaluation.planted import read_cases
    from app.cli.evaluation.show import show_summary, summary_json
    from app.cli.evaluation.summary import summarize
    from app.cli.perspectives import require_known
    from app.settings import Settings

    only = tuple(dict.fromkeys(perspective or ()))
    require_known(only)
    found = read_cases(cases or [_CORPUS])
    settings = Settings(model=model) if model else Settings()
    results = asyncio.run(_hear_all(found, settings, only, out))
    summary = summarize([(case, results[case.name]) for case in found], only)
    if as_ is Format.JSON:
        typer.echo(json.dumps(summary_json(summary), indent=2))
    else:
        show_summary(summary)


async def _hear_all(
    cases: "Sequence[PlantedCase]", settings: "Settings", only: tuple[str, ...], out: Path | None
) -> "dict[str, Result]":
    """One after the other, by name. What is kept already and still fits is taken as it is."""
    from app.cli.evaluation.results import load_results, save_results
    from app.cli.evaluation.sitting import Sitting, hear_case
    from app.wiring import open_council

    kept = [] if out is None else load_results(out)
    results = {case.name: each for case in cases for each in kept if _still_fits(each, case, settings.model, only)}
    others = [each for each in kept if each not in results.values()]
    wanted = [case for case in cases if case.name not in results]
    if not wanted:
        return results
    if out is not None:
        save_results(out, kept)  # that nothing can be kept there is told before anything was paid for
    async with open_council(settings) as (box, model):
        sitting = Sitting(box, model, settings.model, only)
        for number, case in enumerate(wanted, start=1):
            typer.echo(f"{number}/{len(wanted)} {case.name}", err=True)
            results[case.name] = await hear_case(case, sitting)
            if out is not None:
                save_results(out, [*others, *results.values()])
    return results


def _still_fits(result: "Result", case: "PlantedCase", model: str, only: tuple[str, ...]) -> bool:
    """Heard by the same model, from the same perspectives, and the case is as it was; everybody answered."""
    same = (result.name, result.digest, result.model) == (case.name, case.digest, model)
    return same and result.only == only and not result.silent

"""`quorum records`: what became of each perspective's findings in a repository, and which advice is silenced there."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from app.policy.records import Record, Theme


@dataclass(frozen=True)
class Told:
    """`silenced`: in how many pull requests each was dismissed."""

    records: Sequence[Record]
    silenced: Mapping[Theme, int]


def records(
    repository: Annotated[str, typer.Argument(metavar="OWNER/REPO", help="The repository.")],
    unsilence: Annotated[str, typer.Option(metavar="HANDLE", help="Let this advice be given again.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show how each perspective has done in pull requests that were closed, from the database alone.

    Advice that people dismissed in three pull requests is no longer given; it is listed with the handle that
    `--unsilence` takes. The policy, which is not read here, exempts perspectives to which it gives a veto.
    """
    from app.cli.deciding import print_json
    from app.cli.pulls import parse_repository
    from app.settings import Settings

    told = asyncio.run(_read(Settings().database_url, parse_repository(repository), unsilence))
    if as_json:
        print_json(_as_json(told))
        return
    _show(told)


async def _read(database_url: str, repository: str, unsilenced: str) -> Told:
    from app.store import audit, outcomes
    from app.store.engine import open_database
    from app.store.names import find_repo_id
    from app.store.work import work

    engine = open_database(database_url)
    try:
        async with work(engine) as db:
            repo_id = await find_repo_id(db, repository)
            if repo_id is None:
                raise ValueError(f"nothing is on record of {repository}; `quorum runs list` shows what there is")
            if unsilenced:
                theme = _named(unsilenced, await outcomes.silenced_in(db, repo_id))
                await outcomes.unsilence(db, repo_id, theme)
                await audit.append(db, "operator", "advice unsilenced", repository, asdict(theme))
            return Told(await outcomes.records_of(db, repo_id), await outcomes.silenced_in(db, repo_id))
    finally:
        await engine.dispose()


def _named(handle: str, silenced: Mapping[Theme, int]) -> Theme:
    found = [theme for theme in silenced if theme.handle == handle.casefold()]
    if not found:
        raise ValueError(
            f"no advice with the handle {handle!r} is silenced; without --unsilence all that is are listed"
        )
    return found[0]


def _as_json(told: Told) -> Mapping[str, object]:
    counted = [
        {
            "perspective": each.perspective,
            "published": each.published,
            "acted_on": each.acted,
            "dismissed": each.dismissed,
            "upheld": each.blocking.stood,
            "refuted": each.blocking.refuted,
            "advice": asdict(each.advice),
            "blocking": asdict(each.blocking),
            "advice_needs_confidence": round(each.bar, 3),
        }
        for each in told.records
    ]
    silenced = [
        {**asdict(theme), "handle": theme.handle, "pull_requests": many} for theme, many in told.silenced.items()
    ]
    return {"records": counted, "silenced": silenced}


def _show(told: Told) -> None:
    from rich.table import Table
    from rich.text import Text

    from app.cli.tree import plain, terminal

    console = terminal()
    if not told.records:
        console.print("No pull request with findings was closed yet.")
        return
    names = ("perspective", "published", "acted on", "dismissed", "upheld", "refuted", "advice needs")
    table = Table(*names, box=None, header_style="bold", pad_edge=False)
    for each in told.records:
        counts = (each.published, each.acted, each.dismissed, each.blocking.stood, each.blocking.refuted)
        table.add_row(Text(plain(each.perspective)), *map(str, counts), f"{each.bar:.0%}" if each.bar else "-")
    console.print(table)
    for theme, many in told.silenced.items():
        line = (
            f"{theme.handle}  {theme.perspective}: {theme.category} in {theme.area}, dismissed in {many} pull requests"
        )
        console.print(Text(f"silenced: {plain(line)}"))

"""What is on record of one pull request: decisions and what people said."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.text import Text

from app.cli.deciding import print_json
from app.cli.tree import node_tree, plain, statements_tree, terminal, when
from app.store import decisions, statements
from app.store.decisions import StoredDecision
from app.store.engine import open_database
from app.store.names import find_repo_id
from app.store.statements import Statement


@dataclass(frozen=True)
class Record:
    """Oldest first."""

    repository: str
    number: int
    decisions: Sequence[StoredDecision]
    statements: Sequence[Statement]


async def read_record(database_url: str, repository: str, number: int, *, every: bool) -> Record:
    """The newest decision on each head, or `every` one. Raises `ValueError` if the pull request was never met."""
    engine = open_database(database_url)
    try:
        async with engine.connect() as db:
            repo_id = await find_repo_id(db, repository)
            if repo_id is None:
                raise ValueError(f"nothing is on record of {repository}; `quorum runs list` shows what there is")
            made = await decisions.decisions_of_pull(db, repo_id, number)
            said = await statements.statements_of(db, repo_id, number)
    finally:
        await engine.dispose()
    if not made and not said:
        raise ValueError(f"nothing is on record of {repository}#{number}; was the gate ever decided there?")
    newest = {each.head_sha: each for each in made}
    return Record(repository, number, [each for each in made if every or newest[each.head_sha] is each], said)


def show_record(record: Record) -> None:
    console = terminal()
    console.print(Text(f"{record.repository}#{record.number}", "bold"))
    for made in record.decisions:
        console.print()
        console.print(Text(plain(f"{when(made.at)}, {made.head_sha[:12]} into {made.base_ref} {made.base_sha[:12]}")))
        console.print(Text(f"policy {made.policy_hash}", "dim"))
        console.print(Text(f"diff   {made.fingerprint or 'not known'}", "dim"))
        console.print(node_tree(made.title, made.node))
    console.print()
    console.print(statements_tree(record.statements))


def print_record(record: Record) -> None:
    """As JSON; times are in seconds since 1970."""
    print_json(asdict(record))

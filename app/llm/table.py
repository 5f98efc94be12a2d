"""Which models answer which role: one table, by the settings. Pure."""

from collections.abc import Collection, Iterator, Mapping

_SECOND = "-2"
_DEFAULT, _REVIEWER, _VOTER, _AGAIN = "default", "reviewer", "voter", "second"
_ROLES = {
    "planner": "planner",
    "second_planner": "planner-2",
    "writer": "writer",
    "repairer": "repairer",
    "challenger": "challenger",
    "chat": "talker",
    "light": "light",
    "analyst": "analyst",
    "researcher": "researcher",
}
"""Rows of the table, and the agents' own names for these roles."""
_ROWS = {role: row for row, role in _ROLES.items()}

Table = Mapping[str, tuple[str, ...]]
"""Rows by their names, each with models in the order in which they are asked."""


def second(role: str) -> str:
    """The role of who tries once more what `role` got stuck on."""
    return f"{role}{_SECOND}"


def check_table(table: Table, perspectives: Collection[str]) -> None:
    """Raises `ValueError` for a row that no role has, or that names no model."""
    rows = sorted({_DEFAULT, _AGAIN, _REVIEWER, _VOTER, *_ROLES})
    for row, models in table.items():
        own = row.removeprefix(f"{_REVIEWER}:")
        if row not in rows and row not in perspectives and (own == row or not own):
            raise ValueError(
                f"QUORUM_MODELS has a row {row!r}, and there is no such role; write one of {', '.join(rows)}, a "
                f"perspective ({', '.join(sorted(perspectives))}), or `reviewer:NAME` for one of a project's own"
            )
        if not models:
            raise ValueError(f"QUORUM_MODELS names no model for {row!r}; write one, such as `anthropic:MODEL`")


def models_for(table: Table, role: str) -> tuple[str, ...]:
    """The models of the first row that fits. Raises `KeyError` if the table has no row `default` either."""
    return next((table[row] for row in _rows(role) if row in table), ()) or table[_DEFAULT]


def _rows(role: str) -> Iterator[str]:
    """From the row for this role alone to the one for all. Two perspectives that share a reader have the first's."""
    kind, _, names = role.partition(":")
    first = names.partition("+")[0]
    if kind == _REVIEWER:
        yield from (f"{_REVIEWER}:{first}", first, _REVIEWER)
    elif kind == _VOTER:
        yield from (_VOTER, f"{_REVIEWER}:{first}", first)
    else:
        if role in _ROWS:
            yield _ROWS[role]
        if role.endswith(_SECOND):
            yield _AGAIN
        plain = role.removesuffix(_SECOND)
        yield _ROWS.get(plain, plain)
    yield _DEFAULT

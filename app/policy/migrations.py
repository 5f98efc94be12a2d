"""Which files are migrations of a database, and whether each has a way back. Known by the habits of the usual tools.

What is not understood has no way back that anybody could rely on.
"""

import ast
import re
from collections.abc import Callable, Container
from pathlib import PurePosixPath

_FOLDERS = frozenset({"migrations", "migrate", "versions"})
_ENDINGS = frozenset({".py", ".sql", ".rb", ".js", ".ts", ".php"})
_FLYWAY = re.compile(r"(?:V[0-9][0-9._]*|U[0-9][0-9._]*|R)__.+\.sql\Z")
_NOT_ONE = re.compile(r"(?:__init__|env|script|index|schema|seeds?)\.[a-z]+\Z")
_DOWN_MARK = re.compile(
    r"^--[ \t]*(?:migrate:down|\+(?:goose|migrate)[ \t]+down|rollback)\b(.*)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_RUBY = re.compile(r"^[ \t]*def[ \t]+(?:change|down)\b", re.MULTILINE)
_SCRIPT = re.compile(r"\b(?:exports\.down ?=|function down\b|async down ?\(|(?:const|let) down ?=)")
_IRREVERSIBLE = re.compile(r"IrreversibleMigration|NotImplementedError|irreversible", re.IGNORECASE)
_REVERSES = {"RunPython": "reverse_code", "RunSQL": "reverse_sql"}


def is_migration(path: str) -> bool:
    """Whether a changed file is a migration; the file that is only another's way back is none."""
    parts = PurePosixPath(path)
    if parts.suffix not in _ENDINGS or _NOT_ONE.match(parts.name):
        return False
    if parts.name.endswith(".down.sql") or re.match(r"U[0-9]", parts.name):
        return False
    return bool(_FLYWAY.match(parts.name)) or parts.name.endswith(".up.sql") or bool(_FOLDERS & set(parts.parts[:-1]))


def has_way_back(path: str, text: str, files: Container[str]) -> bool:
    """Whether the migration can be undone; `files` are all paths that stand beside it in the same commit."""
    parts = PurePosixPath(path)
    if parts.name.endswith(".up.sql"):
        return str(parts.with_name(parts.name.removesuffix(".up.sql") + ".down.sql")) in files
    if parts.suffix == ".sql" and parts.name.startswith("V") and _FLYWAY.match(parts.name):
        return str(parts.with_name(f"U{parts.name[1:]}")) in files
    return _READERS[parts.suffix](text)


def _sql(text: str) -> bool:
    """dbmate, goose, sql-migrate and Liquibase write the way back below a mark in the same file."""
    found = _DOWN_MARK.search(text)
    rest = re.sub(r"--.*", "", found[1]) if found else ""
    return bool(rest.strip(" \t\r\n;"))


def _python(text: str) -> bool:
    """Alembic's `downgrade` has to do something; each of Django's own steps has to name its reverse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if any(each.name == "upgrade" for each in functions):
        return any(each.name == "downgrade" and _does_something(each) for each in functions)
    if not any(isinstance(node, ast.ClassDef) and node.name == "Migration" for node in tree.body):
        return False
    return all(_names_reverse(node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _does_something(function: ast.FunctionDef) -> bool:
    empty = (ast.Pass, ast.Raise)
    return any(
        not isinstance(node, empty) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    ) and not isinstance(function.body[-1], ast.Raise)


def _names_reverse(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name not in _REVERSES or len(call.args) > 1 or any(each.arg == _REVERSES[name] for each in call.keywords)


def _ruby(text: str) -> bool:
    return bool(_RUBY.search(text)) and not _IRREVERSIBLE.search(text)


def _script(text: str) -> bool:
    return bool(_SCRIPT.search(text)) and not _IRREVERSIBLE.search(text)


def _php(text: str) -> bool:
    return bool(re.search(r"\bfunction down ?\(", text)) and not _IRREVERSIBLE.search(text)


_READERS: dict[str, Callable[[str], bool]] = {
    ".sql": _sql,
    ".py": _python,
    ".rb": _ruby,
    ".js": _script,
    ".ts": _script,
    ".php": _php,
}

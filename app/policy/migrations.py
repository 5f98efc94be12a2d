"""Which files are migrations of a database, and whether each has a way back. Known by the habits of the usual tools.

What is not understood has no way back that anybody could rely on.
"""

import ast
import re
from collections.abc import Callable, Container
from pathlib import PurePosixPath

_FOLDERS = frozenset({"migrations", "migrate", "versions"})
_ENDINGS = frozenset({".py", ".sql", ".rb", ".js", ".ts", ".php"})
_FLYWAY = re.compile(r"(?:V[0-9][0-9._]*|R)__.+\.sql\Z")
_FLYWAY_UNDOES = re.compile(r"U[0-9][0-9._]*__.+\.sql\Z")
_NOT_ONE = re.compile(r"(?:__init__\.py|(?:script|index|schema|seeds?)\.(?:sql|rb|js|ts|php))\Z")
"""Python's tools load every other module that lies there, whatever it is called."""
_DOWN_MARK = re.compile(
    r"^--[ \t]*(?:migrate:down|\+(?:goose|migrate)[ \t]+down|rollback)\b(.*)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_SQL_REMARKS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_REMARKS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_RUBY_REMARKS = re.compile(r"^=begin\b.*?^=end\b|^[ \t]*#[^\n]*", re.DOTALL | re.MULTILINE)
_RUBY_DOWN = re.compile(r"^[ \t]*def[ \t]+down\b(?!\s*;?\s*end\b)", re.MULTILINE)
_RUBY_CHANGE = re.compile(r"^[ \t]*def[ \t]+change\b", re.MULTILINE)
_RUBY_ONE_WAY = re.compile(r"\b(?:execute|change_column)\b")
_SCRIPT = re.compile(r"\b(?:exports\.down ?=|function down\b|async down ?\(|(?:const|let) down ?=)")
_PHP = re.compile(r"\bfunction down ?\(")
_EMPTY_DOWN = re.compile(r"\bdown\b[^{};]*\{\s*(?:return;?\s*)?\}")
_IRREVERSIBLE = re.compile(r"IrreversibleMigration|NotImplementedError|irreversible", re.IGNORECASE)
_REVERSES = {"RunPython": "reverse_code", "RunSQL": "reverse_sql"}


def is_migration(path: str, files: Container[str]) -> bool:
    """Whether a changed file is a migration; one that is only another's way back is none. `files`: all beside it."""
    parts = PurePosixPath(path)
    if parts.suffix not in _ENDINGS or _NOT_ONE.match(parts.name) or _FLYWAY_UNDOES.match(parts.name):
        return False
    if parts.name.endswith(".down.sql") and str(parts.with_name(f"{parts.name[:-9]}.up.sql")) in files:
        return False
    if parts.name == "env.py" and parts.parent.name != "versions":
        return False  # Alembic's own
    folders = {each.casefold() for each in parts.parts[:-1]}
    return bool(_FLYWAY.match(parts.name)) or parts.name.endswith(".up.sql") or bool(_FOLDERS & folders)


def undone_by(path: str) -> str | None:
    """The file that holds a migration's way back, where that is another one."""
    parts = PurePosixPath(path)
    if parts.name.endswith(".up.sql"):
        return str(parts.with_name(f"{parts.name[:-7]}.down.sql"))
    if parts.name.startswith("V") and _FLYWAY.match(parts.name):
        return str(parts.with_name(f"U{parts.name[1:]}"))
    return None


def has_way_back(path: str, text: str) -> bool:
    """Whether a migration can be undone. `text` is that of the file that `undone_by` names, else its own."""
    return _does_sql(text) if undone_by(path) else _READERS[PurePosixPath(path).suffix](text)


def _does_sql(text: str) -> bool:
    return bool(_SQL_REMARKS.sub("", text).strip(" \t\r\n;"))


def _sql(text: str) -> bool:
    """dbmate, goose, sql-migrate and Liquibase write the way back below a mark in the same file."""
    found = _DOWN_MARK.search(text)
    return found is not None and _does_sql(found[1])


def _python(text: str) -> bool:
    """Alembic's `downgrade` has to do something; each of Django's own steps has to name its reverse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    alembic = any(each.name == "upgrade" for each in functions)
    if alembic and not any(each.name == "downgrade" and _does_something(each) for each in functions):
        return False
    django = any(isinstance(node, ast.ClassDef) and node.name == "Migration" for node in tree.body)
    return (alembic or django) and _names_reverses(tree)


def _does_something(function: ast.FunctionDef) -> bool:
    """It calls something, and does not end by refusing."""
    called = {_named(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return bool(called - {"print"}) and not isinstance(function.body[-1], ast.Raise)


def _names_reverses(tree: ast.Module) -> bool:
    """Of each step that is one way only without it. One that goes by another name is not understood."""
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call) and _named(node.func) in _REVERSES]
    plain = {id(node.func) for node in calls}
    plain |= {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "noop"}
    renamed = [node for node in nodes if isinstance(node, ast.alias) and node.name in _REVERSES and node.asname]
    loose = [node for node in nodes if _named(node) in _REVERSES and id(node) not in plain]
    return not renamed and not loose and all(_names_reverse(call) for call in calls)


def _names_reverse(call: ast.Call) -> bool:
    given = [each.value for each in call.keywords if each.arg == _REVERSES[_named(call.func)]] or call.args[1:2]
    return bool(given) and not (isinstance(given[0], ast.Constant) and given[0].value in {None, ""})


def _named(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _ruby(text: str) -> bool:
    """What Rails cannot turn round by itself needs a `down`, or both directions in a `reversible`."""
    plain = _RUBY_REMARKS.sub("", text)
    if _IRREVERSIBLE.search(text):
        return False
    by_itself = _RUBY_CHANGE.search(plain) and ("reversible" in plain or not _RUBY_ONE_WAY.search(plain))
    return bool(_RUBY_DOWN.search(plain) or by_itself)


def _script(text: str) -> bool:
    plain = _REMARKS.sub("", text)
    return bool(_SCRIPT.search(plain)) and not _EMPTY_DOWN.search(plain) and not _IRREVERSIBLE.search(text)


def _php(text: str) -> bool:
    plain = _REMARKS.sub("", text)
    return bool(_PHP.search(plain)) and not _EMPTY_DOWN.search(plain) and not _IRREVERSIBLE.search(text)


_READERS: dict[str, Callable[[str], bool]] = {
    ".sql": _sql,
    ".py": _python,
    ".rb": _ruby,
    ".js": _script,
    ".ts": _script,
    ".php": _php,
}

"""The symbols of a source file: what it defines, and from where to where."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.knowledge.languages import Grammar, grammar_of, load, query_of
from app.knowledge.plain_outline import plain_outline
from app.knowledge.symbols import Symbol

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

MOST_BYTES = 500_000
"""Of a source file. Larger ones are data or were generated."""
_MOST_CPU_S = 1.5
"""For one file: this much ordinary code takes about as long; some inputs keep a grammar busy for minutes."""
_MOST_SYMBOLS = 5000
_NAME_CHARACTERS = 120
_READ_BYTES = 64 * 1024
_NAME_FIELDS = ("name", "property", "key", "left", "type")
_SQL_NAMES = frozenset({"object_reference", "identifier"})


def outline(path: str, source: bytes) -> tuple[Symbol, ...]:
    """What a file defines, in the order of the file. Any bytes may come.

    Nothing is said of a file in an unknown language, of one that is too large or not text, or of one that its grammar
    cannot read in time. The parsers are C: to read what strangers wrote, see `app.knowledge.apart`.
    """
    grammar = grammar_of(path)
    if grammar is None or len(source) > MOST_BYTES or b"\0" in source:
        return ()
    if not grammar.module:
        return plain_outline(grammar.family, source)
    deadline = time.thread_time() + _MOST_CPU_S
    tree = _parse(grammar, source, deadline)
    return () if tree is None else tuple(_symbols(_nodes(grammar, tree)))


def _parse(grammar: Grammar, source: bytes, deadline: float) -> "Tree | None":
    from tree_sitter import Parser

    def read(offset: int, _point: object) -> bytes:
        return source[offset : offset + _READ_BYTES]

    def stop(_offset: int, _error: bool) -> bool:
        """By this thread's own time, so that a busy machine reads as much as an idle one."""
        return time.thread_time() >= deadline

    parser = Parser(load(grammar.module, grammar.function))
    try:
        return parser.parse(read, progress_callback=stop)
    except ValueError:
        return None  # it was told to stop


def _nodes(grammar: Grammar, tree: "Tree") -> "list[tuple[str, Node]]":
    from tree_sitter import QueryCursor

    cursor = QueryCursor(query_of(grammar.module, grammar.function))
    captured = cursor.captures(tree.root_node)
    found = [(kind, node) for kind, nodes in captured.items() for node in nodes]
    return sorted(found, key=lambda each: (each[1].start_byte, -each[1].end_byte))[:_MOST_SYMBOLS]


def _symbols(nodes: "list[tuple[str, Node]]") -> Iterator[Symbol]:
    """Nodes come in the order of the file, outer ones first, so that those open form a stack."""
    open_: list[tuple[int, Symbol]] = []
    for kind, node in nodes:
        while open_ and open_[-1][0] <= node.start_byte:
            open_.pop()
        name = _name(node)
        if not name:
            continue
        parent = open_[-1][1].full_name if open_ else None
        kind_here = "method" if kind == "function" and open_ and open_[-1][1].kind == "class" else kind
        symbol = Symbol(name, kind_here, _first_line(node), _last_line(node), parent)
        open_.append((node.end_byte, symbol))
        yield symbol


def _name(node: "Node") -> str:
    """Where the grammar says that it is; behind the declarators of C; of the last step of a dotted one."""
    found = next((each for field in _NAME_FIELDS if (each := node.child_by_field_name(field)) is not None), None)
    inner = node.child_by_field_name("declarator")
    while inner is not None:
        found, inner = inner, inner.child_by_field_name("declarator")
    if found is None or (found.type in {"primitive_type", "type_specifier"}):
        found = next((child for child in node.named_children if child.type in _SQL_NAMES), None)
    text = (found.text or b"").decode("utf-8", "replace") if found is not None else ""
    return " ".join(text.replace("::", ".").rpartition(".")[2].split())[:_NAME_CHARACTERS]


def _first_line(node: "Node") -> int:
    """A decorator belongs to what it decorates."""
    parent = node.parent
    outer = parent if parent is not None and parent.type in {"decorated_definition", "export_statement"} else node
    return outer.start_point[0] + 1


def _last_line(node: "Node") -> int:
    """A node may end with the line feed of its last line."""
    row, column = node.end_point
    return max(row + (column > 0), node.start_point[0] + 1)

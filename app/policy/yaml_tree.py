"""A small, harmless part of YAML, with the place of every value: text in, plain values and their lines out.

Anchors, aliases, merge keys, tags, repeated keys and further documents are refused: each lets a file mean something
else than what a reader sees, or grow without end (https://yaml.org/spec/1.1/).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from app.policy.errors import PolicyError
from app.policy.values import JsonValue

MAX_BYTES = 256 * 1024
_MAX_DEPTH = 20
_MAX_NODES = 20_000
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,12}\.[0-9]{0,12}|\.[0-9]{1,12})\Z")
_TRUE = frozenset({"true", "yes", "on"})
_SHOWN_CHARS = 60
_TABS = "Indent with spaces: YAML takes no tabs there."

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """A position in the text, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Tree:
    """`value` is None for an empty file. `places` holds the root at `()`, keys of mappings, items of lists."""

    value: JsonValue
    places: Mapping[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """The place of the deepest part of `path` that is in the file; parts that are not (union tags) are skipped."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.places:
                known = (*known, part)
        return self.places.get(known, Place(1, 1))


def read_tree(text: str) -> Tree:
    """Raises `PolicyError` for everything that is not one plain YAML document of at most 256 KiB."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise PolicyError(1, 1, f"the file is larger than {MAX_BYTES // 1024} KiB", "Shorten it.")
    try:
        root = _Composer(text).get_single_node()
    except PolicyError:
        raise
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        remedy = _TABS if "'\\t'" in str(error.problem) else "Correct the YAML there."
        raise PolicyError(place.line, place.column, _problem(error), remedy) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise PolicyError(line, column, "a character that YAML does not allow", "Remove it.") from error
    except (ValueError, OverflowError) as error:  # PyYAML lets these through for escapes such as "\UFFFFFFFF"
        raise PolicyError(1, 1, f"the file is not YAML: {shown(str(error))}", "Correct the YAML.") from error
    if root is None:
        return Tree(None)
    places: dict[Path, Place] = {(): _place(root.start_mark)}
    return Tree(_value(root, (), places), places)


def shown(text: str) -> str:
    """Words of others for an error message: one line of printable ASCII, cut."""
    plain = text.encode("ascii", "backslashreplace").decode("ascii")
    plain = "".join(c if c.isprintable() else "?" for c in plain)
    return plain if len(plain) <= _SHOWN_CHARS else f"{plain[:_SHOWN_CHARS]}..."


class _Mark(Protocol):
    line: int
    column: int


class _Composer(yaml.SafeLoader):
    """Stops at the first node that is not plain, before anything is expanded, built or nested too deeply."""

    depth = 0
    nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        place = _place(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise PolicyError(place.line, place.column, "anchors and aliases are not read", "Write the value out.")
        if event.tag is not None:
            raise PolicyError(place.line, place.column, f"the tag {shown(event.tag)} is not read", "Remove the tag.")
        if self.depth >= _MAX_DEPTH:
            raise PolicyError(place.line, place.column, "nested too deeply", "No key of a policy needs this.")
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            raise PolicyError(place.line, place.column, f"more than {_MAX_NODES} values", "Shorten the file.")
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _value(node: yaml.Node, path: Path, places: dict[Path, Place]) -> JsonValue:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, places)
    if isinstance(node, yaml.SequenceNode):
        items: list[JsonValue] = []
        for index, item in enumerate(node.value):
            places[*path, index] = _place(item.start_mark)
            items.append(_value(item, (*path, index), places))
        return items
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, places: dict[Path, Place]) -> JsonValue:
    values: dict[str, JsonValue] = {}
    for key_node, value_node in node.value:
        place = _place(key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            raise PolicyError(place.line, place.column, "a key that is not a word", "Write `key: value`.")
        key = _joined(str(key_node.value))
        if key_node.tag.endswith(":merge"):
            raise PolicyError(place.line, place.column, "merge keys (`<<`) are not read", "Write the keys out.")
        if key in values:
            first = places[*path, key].line
            message = f"the key `{shown(key)}` is there twice, first on line {first}"
            raise PolicyError(place.line, place.column, message, "Keep one of them.")
        places[*path, key] = place
        values[key] = _value(value_node, (*path, key), places)
    return values


def _scalar(node: yaml.Node) -> JsonValue:
    """Only what looks like a decimal number is one: hexadecimal, octal, base 60, dates and infinities stay text."""
    text = _joined(str(node.value))
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE
    if kind == "int" and _INT.match(text):
        return int(text)
    if kind == "float" and _FLOAT.match(text):
        return float(text)
    return text


def _joined(text: str) -> str:
    """JSON writes a character beyond the first plane as two halves, which YAML would leave apart."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _place(mark: _Mark | None) -> Place:
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)


def _problem(error: yaml.MarkedYAMLError) -> str:
    if error.context == "expected a single document in the stream":
        return "a second document (`---`) is not read"
    return shown(error.problem or error.context or "the file is not YAML")

"""Which changed modules use which, as a Mermaid diagram: told by the code, not by a model. Pure.

https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from app.policy.testfiles import is_test

Edge = tuple[str, str]
"""Who uses, and what is used."""

MOST_NODES, MOST_EDGES = 12, 24
_NAME_CHARS = 40
_SIGNS = frozenset("._-/+")


def draw(edges: Iterable[Edge]) -> str:
    """The text of the diagram; empty where nothing uses anything. Tests use everything, and are left out.

    Files while there are few of them, else their folders, else the folders that have most to do with others.
    """
    known = {(user, used) for user, used in edges if not is_test(user) and not is_test(used)}
    if len(_nodes(known)) > MOST_NODES:
        known = {(_folder(user), _folder(used)) for user, used in known}
    shown = _busiest({edge for edge in known if edge[0] != edge[1]})
    if not shown:
        return ""
    numbers = {name: f"n{number}" for number, name in enumerate(_nodes(shown))}
    lines = [f'  {number}["{_label(name)}"]' for name, number in numbers.items()]
    lines += [f"  {numbers[user]} --> {numbers[used]}" for user, used in shown]
    return "\n".join(["flowchart LR", *lines])


def _nodes(edges: Iterable[Edge]) -> list[str]:
    return sorted({name for edge in edges for name in edge})


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "(root)"


def _busiest(edges: Iterable[Edge]) -> Sequence[Edge]:
    ordered = sorted(edges)
    degree = Counter(name for edge in ordered for name in edge)
    kept = frozenset(sorted(degree, key=lambda name: (-degree[name], name))[:MOST_NODES])
    return [edge for edge in ordered if kept.issuperset(edge)][:MOST_EDGES]


def _label(name: str) -> str:
    """Letters, digits and the signs of paths: nothing that ends a label, a line or the fence, is HTML or a command.

    https://mermaid.js.org/syntax/flowchart.html: quotes end a label, `#` and `;` write characters by their number,
    backticks are Markdown, `%%` and `click` begin at the start of a line, where no name ever stands.
    """
    shown = name if len(name) <= _NAME_CHARS else f"...{name[3 - _NAME_CHARS :]}"
    return "".join(each if each.isalnum() or each in _SIGNS else "?" for each in shown) or "?"

"""Which lines define a test, a function or a class, in the languages that we read. By the line alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.policy.changed_text import Hunk, Line
from app.policy.testfiles import is_test

_FAMILIES = {
    **dict.fromkeys(("py", "pyi"), "python"),
    **dict.fromkeys(("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts"), "script"),
    **dict.fromkeys(("java", "kt", "scala", "groovy", "cs"), "jvm"),
    "go": "go",
    "rs": "rust",
    "rb": "ruby",
}
_CALLED = r"(?:\.(?:concurrent|sequential|skip|only|todo|failing|fails|fixme|each\b.*?|skipIf\(.*?\)|runIf\(.*?\)))*"
_TITLE = r"""\s*\(?\s*(?:'([^']*)'|"([^"]*)"|`([^`]*)`)"""
_TEST = {
    "python": re.compile(r"(?:async )?def (test\w*)"),
    "script": re.compile(rf"(?:(?:await|return) )?(?:[xf]?it|[xf]?test|[xf]?specify|Deno\.test){_CALLED}\s*\({_TITLE}"),
    "go": re.compile(r"func ((?:Test|Benchmark|Fuzz|Example)\w*)\("),
    "jvm": re.compile(
        r"(?:(?:public|protected|private|final|suspend|async) )*(?:void|Task|fun) `?"
        r"(?!(?:set_?[uU]p|tear_?[dD]own|before|after|init|main)\w*\()([^`(]+)`?\("
    ),
    "rust": re.compile(r"(?:pub )?(?:async )?fn (\w+)\("),
    "ruby": re.compile(rf"(?:[xf]?it|[xf]?specify|[xf]?example|scenario|test)\b{_TITLE}|def (test_\w+)"),
}
_ANY = {
    "python": re.compile(r"(?:async )?(?:def|class) (\w+)"),
    "script": re.compile(
        r"(?:export )?(?:default )?(?:async )?"
        r"(?:function\*? ?|class |(?:const|let|var) (?=\w+ = (?:async )?(?:function|\(|\w+ =>)))(\w+)"
        rf"|(?:[xf]?(?:it|test|describe|context|suite|specify)){_CALLED}\s*\({_TITLE}"
        r"|(?:beforeEach|afterEach|beforeAll|afterAll)\b()"
    ),
    "go": re.compile(r"(?:func(?: \([^)]*\))?|type) (\w+)"),
    "jvm": re.compile(
        r"(?:(?:public|protected|private|static|final|abstract|sealed|data|open|override|suspend|async|synchronized) )*"
        r"(?:(?:class|interface|enum|record|object) (\w+)"
        r"|(?!return |new |else |throw )[\w<>\[\],.?]+ `?([^`(=.]+)`?\(.*[{=,(]$)"
    ),
    "rust": re.compile(r"(?:pub(?:\([\w:]+\))? )?(?:async |unsafe |const )*(?:fn|struct|enum|trait|mod) (\w+)"),
    "ruby": re.compile(
        rf"(?:def (?:self\.)?|class |module )(\w+[?!]?)"
        rf"|[xf]?(?:it|specify|describe|context|example|feature|scenario|test)\b{_TITLE}"
    ),
}
_TEST_ATTRIBUTE = re.compile(r"#\[(?:\w+::)*(?:test|rstest|test_case|case|wasm_bindgen_test)\b")
_ATTRIBUTES_ABOVE = 4


@dataclass(frozen=True)
class Definition:
    """`test`: a runner would run it as one test; else it is a function, a class or a group of tests."""

    name: str
    test: bool


def family_of(path: str) -> str | None:
    """The language of a file, by its ending."""
    return _FAMILIES.get(path.rpartition(".")[2])


def definition_at(path: str, lines: Sequence[Line], index: int) -> Definition | None:
    """What the line defines; `path` is of a file that holds tests."""
    family = family_of(path)
    if family is None:
        return None
    told = lines[index].told
    found = _TEST[family].match(told)
    if found is not None and (family != "rust" or _has_attribute(lines, index)):
        return Definition(_first(found), test=True)
    found = _ANY[family].match(told)
    return None if found is None else Definition(_first(found), test=False)


def defined_by(path: str, line: Line) -> str | None:
    """The name of what a line of code defines, be it a test or not."""
    family = family_of(path)
    found = None if family is None else _ANY[family].match(line.told)
    return None if found is None else _first(found)


def holds_tests(path: str, hunk: Hunk) -> bool:
    """Whether a hunk's lines are tests: all of a test file's are; in Rust, those of a module among the code."""
    if family_of(path) == "rust" and not is_test(path):
        return bool(re.search(r"\bmod \w*tests?\b", hunk.heading)) or any(
            _TEST_ATTRIBUTE.match(line.told) or line.told.startswith(("mod tests", "#[cfg(test)]"))
            for line in hunk.lines
        )
    return is_test(path)


def _has_attribute(lines: Sequence[Line], index: int) -> bool:
    for line in reversed(lines[max(0, index - _ATTRIBUTES_ABOVE) : index]):
        if _TEST_ATTRIBUTE.match(line.told):
            return True
        if not line.told.startswith(("#[", "//")) and line.told:
            return False
    return False


def _first(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group), "").strip()

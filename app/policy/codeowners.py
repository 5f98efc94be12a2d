r"""Who owns which paths: a CODEOWNERS file read as GitHub reads it. Pure.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners

Its patterns are those of gitignore, but `!`, `[ ]` and `\#` do not work, and `docs/*` names only what lies directly in
the folder. The last line that matches decides; one without owners takes ownership away. A line that cannot be read is
skipped, as on GitHub, and told as a fault.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from app.policy.globindex import Index, candidates, index_of
from app.policy.globs import matches

PATHS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, on the base branch; the first that is there counts."""
MAX_BYTES = 3 * 1024 * 1024
"""A file of this size or more is not used by GitHub at all."""
_MAX_PATTERN_CHARS = 4096
_MOST_FAULTS = 100
_SHOWN_CHARS = 200

_WORD = re.compile(r"(?:\\.|[^ \t\r\\])+|\\")
_ESCAPE = re.compile(r"\\(.)")
_OWNER = re.compile(
    r"""(?x)
      @[A-Za-z0-9][A-Za-z0-9_-]*                      # a person; underscores in names of managed users
    | @[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]+      # a team
    | [^@\s/]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+      # an e-mail address
    """
)
_WILD = frozenset("*?[")


@dataclass(frozen=True)
class Rule:
    """One line. `owners` are in lower case, since GitHub's names and domains do not know case; paths do."""

    line: int
    pattern: str
    owners: frozenset[str]

    def names(self, path: str) -> bool:
        """What follows a last `*` does not lead into folders; see `docs/*` in GitHub's page."""
        return matches(self.pattern, path, inside=not self.pattern.endswith("/*"))


@dataclass(frozen=True)
class Fault:
    """A line that is skipped. `text` is the line, cut; `reason` says what is wrong with it and what to write."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Codeowners:
    """Rules in the order of the file, and at most a hundred faults."""

    rules: tuple[Rule, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def index(self) -> Index:
        return index_of(rule.pattern for rule in self.rules)


def parse_codeowners(text: str) -> Codeowners:
    """Read the file. Nothing is raised: a file that is too large has no rules and one fault."""
    if len(text.encode("utf-8", "surrogatepass")) >= MAX_BYTES:
        reason = f"the file has {MAX_BYTES // 1024**2} MB or more, so GitHub uses none of it; join lines with wildcards"
        return Codeowners((), (Fault(1, "", reason),))
    rules: list[Rule] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        words = list(takewhile(lambda word: not word.startswith("#"), _WORD.findall(line.rstrip("\r"))))
        if not words:
            continue
        problem = _problem(words)
        if problem is None:
            rules.append(Rule(number, _ESCAPE.sub(_literal, words[0]), frozenset(word.lower() for word in words[1:])))
        elif len(faults) < _MOST_FAULTS:
            faults.append(Fault(number, line.strip()[:_SHOWN_CHARS], problem))
    return Codeowners(tuple(rules), tuple(faults))


def owners_of(codeowners: Codeowners, path: str) -> frozenset[str]:
    """`@user`, `@org/team` and e-mail addresses in lower case; any one of them may approve. Empty: nobody owns it."""
    parts = path.split("/")
    for position in sorted(candidates(codeowners.index, parts), reverse=True):
        rule = codeowners.rules[position]
        if rule.names(path):
            return rule.owners
    return frozenset()


def groups(codeowners: Codeowners, paths: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The distinct sets of owners of these paths, in their order. Each set needs an approval of one of its own."""
    found = (owners_of(codeowners, path) for path in dict.fromkeys(paths))
    return tuple(dict.fromkeys(owners for owners in found if owners))


def _problem(words: list[str]) -> str | None:
    pattern, *owners = words
    rules = (
        (pattern.startswith("!"), "`!` does not work here; write a later line without owners instead"),
        (pattern.startswith("\\#"), "`\\#` does not work here; use `?` for the first character"),
        ("[" in pattern or "]" in pattern, "`[ ]` does not work here; use `?` or `*`"),
        (not pattern.strip("/"), "this matches nothing; write `*` for all files"),
        (not {"", ".", ".."}.isdisjoint(pattern.strip("/").split("/")), "an empty, `.` or `..` step matches nothing"),
        (len(pattern) > _MAX_PATTERN_CHARS, f"the pattern has more than {_MAX_PATTERN_CHARS} characters"),
        (
            not all(_OWNER.fullmatch(owner) for owner in owners),
            "an owner is neither `@user` nor `@org/team` nor an e-mail address; write spaces in paths as `\\ `",
        ),
    )
    return next((reason for wrong, reason in rules if wrong), None)


def _literal(escaped: re.Match[str]) -> str:
    """What stood after a backslash, for a matcher that knows only brackets."""
    return f"[{escaped[1]}]" if escaped[1] in _WILD else escaped[1]

"""What installs that which a project's tests need. Pure: the policy's word and files in, commands out.

Where neither the policy nor `copilot-setup-steps.yml` says it, commands are ours, from closed tables; of the
repository's text they hold at most plain names of extras and groups.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from app.knowledge.setups.javascript import of_javascript
from app.knowledge.setups.others import of_others
from app.knowledge.setups.plan import Setup
from app.knowledge.setups.python import of_python
from app.knowledge.setups.steps import of_steps
from app.knowledge.suites.ci import SETUP
from app.knowledge.suites.finding import worth_reading as telling_tests

_READ = re.compile(r"setup\.py|Cargo\.toml|go\.mod|pnpm-lock\.yaml|yarn\.lock|conftest\.py|\.?pytest\.(?:ini|toml)")
_MANIFESTS = re.compile(
    r"pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|Pipfile|[\w.-]*requirements[\w.-]*\.(?:txt|in)|\.python-version"
    r"|package\.json|pnpm-workspace\.yaml|\.npmrc|\.yarnrc(?:\.yml)?|npm-shrinkwrap\.json|package-lock\.json|\.nvmrc"
    r"|pnpm-lock\.yaml|bun\.lockb|go\.(?:mod|sum|work)|Cargo\.toml|Gemfile|[\w.-]+\.gemspec|composer\.json|mvnw"
    r"|pom\.xml|[\w.-]+\.(?:slnx?|[cf]sproj)|Directory\.Packages\.props|packages\.lock\.json|nuget\.config|mix\.exs"
    r"|\.tool-versions|[\w.-]+\.lock",
    re.IGNORECASE,
)
_IN_FOLDER = re.compile(r"requirements/[\w.-]+\.(?:txt|in)")
_WORDS = re.compile(r"[\w./+-]+")
_TASKS = frozenset({"Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile", "Taskfile.yml"})
_MOST_FILES = 300


def worth_reading(paths: Iterable[str]) -> list[str]:
    """Those whose text tells something; of all others the name is enough."""
    known = list(paths)
    return sorted({*telling_tests(known), *(path for path in known if _READ.fullmatch(path) or path in SETUP)})


def find_setup(said: Sequence[str] | None, files: Mapping[str, str]) -> Setup:
    """`said`: the policy's commands, None where it has no word. `files`: by path, the text of what is `worth_reading`
    and nothing for all others of the project.

    Never raises: what cannot be read tells nothing.
    """
    if said is not None:
        commands = tuple(said)
        return Setup(commands, "`setup` in `.github/quorum.yml`", files=_files(commands, files) if commands else ())
    steps = of_steps(files)
    if steps is not None and steps.commands:
        named = (steps.file, *_files(steps.commands, files))
        return Setup(steps.commands, f"the steps of `{steps.file}`", steps.left_out, named)
    found = list(chain(of_python(files), of_javascript(files), of_others(files)))
    why = ", ".join(f"`{name}`" for name in dict.fromkeys(each.file for each in found))
    commands = tuple(dict.fromkeys(each.command for each in found))
    left_out = () if steps is None else steps.left_out
    return Setup(commands, why, left_out, _at_root(files) if commands else ())


def _at_root(files: Iterable[str]) -> tuple[str, ...]:
    """Manifests and lock files that programs look at when they are called at the root."""
    return tuple(sorted(path for path in files if _MANIFESTS.fullmatch(path) or _IN_FOLDER.fullmatch(path)))


def _files(commands: Iterable[str], files: Iterable[str]) -> tuple[str, ...]:
    """Of commands that may do anything: manifests wherever they are, task runners' files, and what a command names."""
    known, words = set(files), {word.removeprefix("./") for each in commands for word in _WORDS.findall(each)}
    manifests = {path for path in known if _MANIFESTS.fullmatch(path.rpartition("/")[2]) or _IN_FOLDER.search(path)}
    nearest = sorted(manifests, key=lambda path: (path.count("/"), path))[:_MOST_FILES]
    return tuple(sorted({*nearest, *(words & known), *(_TASKS & known)}))

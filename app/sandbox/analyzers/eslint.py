"""ESLint as the project has it: the copy in its own tree, with its own configuration, which the sandbox alone reads.

The change may bring both along: what it says is a hint, as all alarms are, and what it does not say proves nothing.
"""

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from app.sandbox.analyzers.alarm import Alarm, alarm_of
from app.sandbox.box import TREE
from app.sandbox.errors import ReportError

ARGV = (
    *("sh", "-c", '[ -e node_modules/.bin/eslint ] || exit 127; exec node node_modules/.bin/eslint "$@"', "eslint"),
    *("--format", "json", "--no-error-on-unmatched-pattern"),
)
FILES = ("*.js", "*.jsx", "*.mjs", "*.cjs", "*.ts", "*.tsx", "*.mts", "*.cts", "*.vue", "*.svelte")
_ENDINGS = ("js", "mjs", "cjs", "ts", "mts", "cts")
CONFIGS = (
    *((f"eslint.config.{ending}", "") for ending in _ENDINGS),
    *((f".eslintrc{ending}", "") for ending in ("", ".js", ".cjs", ".json", ".yml", ".yaml")),
    ("package.json", '"eslintConfig"'),
)
"""https://eslint.org/docs/latest/use/configure/configuration-files, and the files of versions before 9."""
ABSENT = "the project is set up for it, but its tree has no node_modules/.bin/eslint, or there is no node"
_ERROR = 2


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Message(_Part):
    rule_id: str | None = None
    severity: int = 1
    message: str = ""
    line: int | None = None
    end_line: int | None = None
    fatal: bool = False


class _File(_Part):
    file_path: str
    messages: tuple[_Message, ...] = ()


_REPORT = TypeAdapter(tuple[_File, ...])


def read_eslint(tool: str, text: str) -> list[Alarm]:
    """What `--format json` prints: https://eslint.org/docs/latest/use/formatters/#json. Raises `ReportError`.

    A message without a rule that is not fatal says that a file was left out, as the project wants it.
    """
    try:
        files = _REPORT.validate_json(text)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise ReportError(f"it printed no report of ESLint's: {told}") from error
    return [
        _alarm(tool, file, each) for file in files for each in file.messages if each.rule_id is not None or each.fatal
    ]


def _alarm(tool: str, file: _File, each: _Message) -> Alarm:
    level = "error" if each.severity == _ERROR else "warning"
    line = each.line or 0
    lines = line, each.end_line or line
    return alarm_of(tool, each.rule_id or "syntax", level, file.file_path.removeprefix(TREE), lines, each.message)

"""The end of a log of a check, made readable: where it says what failed, without colours, times and progress. Pure."""

import re

MOST_CHARS = 8_000
"""Of a log that an agent is shown; what failed stands at its end."""
_AFTER = 5
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles and links
    r"|\x1b[@-Z\\-_]"
)
"""Control sequences: https://ecma-international.org/publications-and-standards/standards/ecma-48/."""
_MOMENT = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?")
_ERROR = "##[error]"
"""How GitHub Actions marks lines:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands."""


def readable_end(log: str, most: int = MOST_CHARS) -> str:
    """Up to the last line that the runner marked as an error, or to the end; the newest `most` characters of that."""
    lines = [_plain(line) for line in log.replace("\r\n", "\n").split("\n")]
    errors = [number for number, line in enumerate(lines) if line.startswith(_ERROR)]
    if errors:
        lines = lines[: errors[-1] + 1 + _AFTER]  # behind it only the runner tidies up
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    if len(text) <= most:
        return text
    kept = text[-most:]
    return f"[... {len(text) - most} characters are left out here ...]\n{kept.partition(chr(10))[2] or kept}"


def _plain(line: str) -> str:
    """What stands on the screen in the end: of a line that was drawn over again and again, the last state."""
    return _MOMENT.sub("", _ESCAPES.sub("", line).rstrip("\r").rpartition("\r")[2])

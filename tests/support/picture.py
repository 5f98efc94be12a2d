"""Record the demo as a picture of a terminal: `python -m tests.support.picture docs/demo.svg`.

The text is what a real run prints; nothing is touched up but the emulator's free port and the paths of
this machine.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from app.cli.demo.closing import command_here

_COLUMNS = 110


def main(target: Path) -> None:
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$ make demo[/]")
    for line in record().splitlines():
        console.print(coloured(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", line)), soft_wrap=False)
    fonts = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)
    console.save_svg(str(target), title="quorum demo", code_format=fonts.sub("", CONSOLE_SVG_FORMAT), unique_id="demo")
    print(f"The picture is in {target}.")


def record() -> str:
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "QUORUM_DATA_DIR": home, "COLUMNS": str(_COLUMNS), "NO_COLOR": "1"}
        command = [sys.executable, "-m", "app.cli", "demo"]
        told = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        return told.replace(f"{home}/demo", "~/.local/share/quorum/demo").replace(command_here(), ".venv/bin/quorum")


def coloured(line: str) -> Text:
    """Seconds dim, whoever speaks in a colour of their own, the note about the script in yellow."""
    text = Text(line)
    text.highlight_regex(r"^ *[\d.]+ s", "dim")
    text.highlight_regex(r"(?<= s  )(note)\b.*", "yellow")
    text.highlight_regex(r"(?<= s  )(quorum|council|gate|github|mona|label|merge|issue|set-up|ask|answer)\b", "cyan")
    text.highlight_regex(r"\b(failure|refuses?|refused|blocked|blocks)\b", "red")
    text.highlight_regex(r"\b(success|approved|merged|closed)\b", "green")
    return text


if __name__ == "__main__":
    main(Path(sys.argv[1]))

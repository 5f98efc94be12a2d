"""Give a new virtual environment the commands of what is installed around it, such as `pytest`.

They are there already, and would start the interpreter around it, which sees nothing of what is installed within. Run
in the sandbox, by the environment's own interpreter and its standard library alone.
"""

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SCRIPT = "#!{python}\nimport sys\nfrom {module} import {first}\nsys.exit({attr}())\n"


def expose(found: Iterable[Distribution], folder: Path, python: str) -> None:
    """Write those that `folder` does not have: https://packaging.python.org/en/latest/specifications/entry-points/."""
    for each in (entry for distribution in found for entry in distribution.entry_points):
        place = folder / each.name
        if each.group == "console_scripts" and _NAME.fullmatch(each.name) and each.attr and not place.exists():
            first = each.attr.partition(".")[0]
            place.write_text(_SCRIPT.format(python=python, module=each.module, first=first, attr=each.attr))
            place.chmod(0o755)


if __name__ == "__main__":
    expose(distributions(), Path(sys.executable).parent, sys.executable)

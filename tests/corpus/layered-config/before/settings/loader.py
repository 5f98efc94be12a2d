import json
from pathlib import Path

from settings.defaults import DEFAULTS


def load(path: Path) -> dict:
    """The configuration of one team; a section that the file has replaces the default one."""
    own = json.loads(path.read_text())
    unknown = own.keys() - DEFAULTS.keys()
    if unknown:
        raise ValueError(f"{path}: there is no section {sorted(unknown)[0]!r}")
    return {**DEFAULTS, **own}

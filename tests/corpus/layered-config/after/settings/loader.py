import json
from pathlib import Path

from settings.defaults import DEFAULTS


def load(path: Path) -> dict:
    """The configuration of one team: the defaults, with what its file says of them put in place."""
    own = json.loads(path.read_text())
    unknown = own.keys() - DEFAULTS.keys()
    if unknown:
        raise ValueError(f"{path}: there is no section {sorted(unknown)[0]!r}")
    merged = dict(DEFAULTS)
    for section, values in own.items():
        merged[section].update(values)
    return merged

"""The environment variables that a command sets for itself, so that others can be run as it is. Pure."""

import re
import shlex

_SETS = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=([^$`]*)", re.DOTALL)
"""What a shell would have to work out (`$HOME`, `` `pwd` ``) is left to it."""


def variables_of(command: str) -> dict[str, str]:
    """Those at its beginning, as in `PYTHONPATH=src TZ=UTC pytest -q`; none of what cannot be read as a command.

    https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_09_01
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return {}
    found = {}
    for word in words:
        match = _SETS.fullmatch(word)
        if match is None:
            break
        found[match[1]] = match[2]
    return found

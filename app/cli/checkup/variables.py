"""Environment variables that set nothing, because their names are a little wrong."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic.fields import FieldInfo

from app.cli.checkup.found import Found, fine, warned
from app.sources.faults import variables_of

_OURS = "QUORUM_"
_NO_SETTINGS = ("QUORUM_CONFIG", "QUORUM_GITHUB_TOKEN", "QUORUM_ACTION_CACHE")


def look_at_variables(names: Iterable[str], fields: Mapping[str, FieldInfo]) -> Found:
    """Only what resembles a setting is told of: Kubernetes sets `QUORUM_SERVICE_HOST` and its like for a service."""
    known = [*_NO_SETTINGS, *(each for name, field in fields.items() for each in variables_of(name, field))]
    mine = sorted(name for name in names if name.upper().startswith(_OURS) and name.upper() not in known)
    near = {name: get_close_matches(name.upper(), known, 1, 0.85) for name in mine}
    told = [f"{name} sets nothing; is {meant[0]} meant?" for name, meant in near.items() if meant]
    remedy = "`quorum config settings` lists all that there are"
    return warned("variables", " ".join(told), remedy) if told else fine("variables")

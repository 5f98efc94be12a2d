"""Names of perspectives, as somebody types them."""

from collections.abc import Sequence

from app.cli.files import fail


def require_known(names: Sequence[str]) -> None:
    """End the command for a name that no perspective of ours has."""
    from app.agents.roles import names_of

    known = names_of("perspectives")
    for name in names:
        if name not in known:
            fail(f"there is no perspective {name!r}", f"There are {', '.join(known)}.")

"""Our labels on a pull request: https://docs.github.com/en/rest/issues/labels."""

from contextlib import suppress
from urllib.parse import quote

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, RefusedError
from app.policy.marking import to_change
from app.policy.values import Json, JsonValue

_COLOURS = {"blocked": "d73a4a", "approved": "0e8a16", "needs human": "fbca04"}
_PLAIN_COLOUR = "c5def5"


def labels(gh: GitHub, number: int, wanted: frozenset[str]) -> Effect:
    """Bring our labels to what is wanted; those of others stay. Who may not set labels here sets none."""
    receipt: Json = {"labels": list[JsonValue](sorted(wanted))}

    async def there() -> list[str]:
        return [str(each["name"]) async for each in gh.pages(f"issues/{number}/labels")]

    async def find() -> Json | None:
        return receipt if to_change(wanted, await there()) == ([], []) else None

    async def do() -> Json:
        try:
            add, remove = to_change(wanted, await there())
            for name in add:
                await _ensure(gh, name)
            if add:
                await gh.post(f"issues/{number}/labels", {"labels": add})
            for name in remove:
                with suppress(NotFoundError):
                    await gh.delete(f"issues/{number}/labels/{quote(name, safe='')}")
        except (NotFoundError, RefusedError):
            return {"labels": None}
        return receipt

    return Effect(do, find)


def set_label(gh: GitHub, number: int, name: str) -> Effect:
    """Set one label; GitHub makes it if there is none of this name, and the same again changes nothing."""

    async def find() -> Json | None:
        there = {str(each["name"]).casefold() async for each in gh.pages(f"issues/{number}/labels")}
        return {"label": name} if name.casefold() in there else None

    async def do() -> Json:
        await gh.post(f"issues/{number}/labels", {"labels": [name]})
        return {"label": name}

    return Effect(do, find)


async def _ensure(gh: GitHub, name: str) -> None:
    """With a colour, the first time; one that is there is refused, and stays as people made it."""
    colour = next((each for word, each in _COLOURS.items() if name.endswith(word)), _PLAIN_COLOUR)
    with suppress(RefusedError):
        await gh.post("labels", {"name": name, "color": colour, "description": "Set by Quorum."})

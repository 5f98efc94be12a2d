"""The models: who answers which role, and whether each of them does, by one question of a few tokens."""

import asyncio
from contextlib import AsyncExitStack

from app.cli.checkup.found import Found, failed, fine, warned
from app.settings import Settings
from app.telemetry import redact

_ANSWER_S = 60.0
_NOT_REAL = ("scripted:", "replay:")
_NO_WAY = "look whether its address is right and can be reached from here"


async def look_at_models(settings: Settings) -> list[Found]:
    """Each model once, with its roles, so that a wrong key is seen before work waits for it."""
    from app.wiring import check_models

    try:
        check_models(settings)
    except ValueError as error:
        return [failed("models", str(error), "docs/models.md tells the roles")]
    roles: dict[str, list[str]] = {}
    for row, models in settings.table.items():
        for place, name in enumerate(models):
            roles.setdefault(name, []).append(row if place == 0 else f"stands in for {row}")
    return list(await asyncio.gather(*(_look_at(name, ", ".join(told), settings) for name, told in roles.items())))


async def _look_at(name: str, roles: str, settings: Settings) -> Found:
    from app.llm.errors import ModelError
    from app.llm.messages import Message, Request, Text
    from app.llm.providers import open_model

    if missing := settings.missing_for(name):
        return failed(
            "model", f"{name} ({roles}) has no key", f"set {missing}, or another model in QUORUM_MODEL; docs/models.md"
        )
    # As many tokens as some models think before their first word.
    asked = Request("doctor", "Answer with one word.", (Message("user", (Text("Are you there?"),)),), max_tokens=1024)
    try:
        async with AsyncExitStack() as stack, asyncio.timeout(_ANSWER_S):
            opened = open_model(name, f"the model of {roles}", settings)
            if name.startswith(_NOT_REAL):
                told = f"{name} ({roles}): replies come from a file"
                return warned("model", told, "name a model for anything but a demo")
            if opened.wire is not None:
                stack.push_async_callback(opened.wire.close)
            await opened.link.model.reply(asked)
    except TimeoutError:
        return failed("model", f"{name} ({roles}) does not answer within {_ANSWER_S:.0f} s", _NO_WAY)
    except (ModelError, ValueError, OSError) as error:
        told = f"{name} ({roles}): {redact(str(error))[:300].removesuffix('.')}"
        return failed("model", told, _remedy(error))
    return fine("model", f"{name} ({roles})")


def _remedy(error: Exception) -> str:
    """Beside what the error itself advises."""
    from app.llm.errors import ModelTimeoutError, OverloadedError

    match error:
        case ModelTimeoutError():
            return _NO_WAY
        case OverloadedError():
            return "nothing is wrong here: ask again later, or look at the provider's limits"
        case _:
            return "docs/models.md tells what each model needs"

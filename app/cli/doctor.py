"""`quorum doctor`: look at everything that Quorum needs, and say for each what mends it."""

import asyncio
import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.cli.checkup.found import Found
    from app.settings import Settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask neither GitHub nor models.")] = False,
) -> None:
    """Check machine, settings, database, broker, sandbox, model, GitHub and protection; exit with 1 on a failure.

    Nothing is changed. Each model is asked one question of a few tokens.
    """
    from app.cli.checkup import found
    from app.cli.checkup.github import worst

    every = asyncio.run(_look(offline=offline))
    if as_json:
        print(json.dumps(found.as_json(every), indent=2))
    else:
        for each in every:
            print(each)
    raise typer.Exit(worst(every))


async def _look(*, offline: bool) -> "list[Found]":
    from app.cli.checkup import found, machine, services
    from app.cli.checkup.models import look_at_models
    from app.cli.checkup.variables import look_at_variables
    from app.settings import Settings
    from app.sources.file import SettingsError
    from app.wiring import register_secrets

    try:
        settings = Settings.load()
    except SettingsError as error:
        return [found.failed("settings", str(error), "mend them; what runs already goes on with the old ones")]
    register_secrets(settings)
    key = machine.look_at_key(settings)
    every = [machine.look_at_git(), machine.look_at_data(settings), machine.look_at_file()]
    every.append(look_at_variables(os.environ, Settings.model_fields))
    every += [await machine.look_at_sandbox(settings), await services.look_at_database(settings)]
    every += [await services.look_at_broker(settings), key, machine.look_at_secret(settings)]
    if offline:
        return every
    every += await look_at_models(settings)
    return every + (await _look_at_github(settings) if key.state != "fail" else [])


async def _look_at_github(settings: "Settings") -> "list[Found]":
    import httpx

    from app.cli.checkup.github import look_at_app, look_at_clock
    from app.cli.checkup.protected import look_at_protection
    from app.cli.setting_up.progress import open_forge

    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:
        clock = await look_at_clock(settings, client)
        if clock.name == "GitHub":
            return [clock]
        forge = open_forge(settings, client)
        about = await look_at_app(settings, forge)
        if len(about) == 1:  # GitHub does not know the App, and would say so of each repository
            return [clock, *about]
        return [clock, *about, *await look_at_protection(forge)]

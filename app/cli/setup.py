"""`quorum setup`: what GitHub has to be told once, on pages. `protect` makes the gate's check required."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.forge.api import Forge, GitHub
    from app.policy.protection_plans import Wanted
    from app.settings import Settings

app = typer.Typer()
_PORT = 8472

_NO_SUCH = "there is no such repository, or {who} may not see it"
_ADMINISTRATOR = "of an administrator: a classic one with the scope `repo`, or a fine-grained one with `Administration`"
_AS_APP = (
    "the App may not do this: `administration: write` would let it take the gate away, so it does not ask for that. "
    f"Take the token {_ADMINISTRATOR} (read and write), and run this again with --ask or with it in GITHUB_TOKEN; "
    "it is kept nowhere"
)
_AS_PERSON = f"the token may not do this. Take one {_ADMINISTRATOR} (read and write)"
_NO_PLAN = (
    "its plan has neither rulesets nor branch protection for private repositories, so that nothing can be required"
)


@app.callback(invoke_without_command=True)
def setup(
    context: typer.Context,
    github: Annotated[str, typer.Option(metavar="URL", help="The root of a GitHub Enterprise Server.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the pages are, on this machine only.")] = _PORT,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the pages, or only say where.")] = True,
) -> None:
    """Make the GitHub App, install it and propose the first rules, on pages of this machine.

    It can be left and begun again at any step.
    """
    if context.invoked_subcommand is None:
        from app.cli.setting_up.command import run

        run(github, port, browser=browser)


@app.command("protect")
def protect(
    repository: Annotated[str, typer.Argument(metavar="OWNER/REPO", help="The repository.")],
    branch: Annotated[str, typer.Option(help="A branch, or a pattern as rulesets have it.")] = "~DEFAULT_BRANCH",
    check: Annotated[
        bool, typer.Option("--check", help="Only look; exit with 1 if the gate can be passed by.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Branches must be up to date, too.")] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for the token, so that it is in no history of commands.")
    ] = False,
) -> None:
    """Require `quorum/gate` of our App and a pull request; nothing that is demanded already is taken away.

    Acts with the token that was asked for, or is in QUORUM_GITHUB_TOKEN or GITHUB_TOKEN, else as the App, if that has
    `administration: write`.
    """
    from pydantic import SecretStr

    from app.forge.errors import ForgeError
    from app.policy.protection_plans import Wanted, pattern_of
    from app.settings import Settings

    owner, _, name = repository.partition("/")
    if not owner or not name or "/" in name:
        raise typer.BadParameter(f"{repository!r} is no OWNER/REPO", param_hint="OWNER/REPO")
    settings = Settings()
    if not settings.app_id:
        raise ValueError(
            "run `quorum setup` first, or set QUORUM_APP_ID: the check is required from that App and from no other"
        )
    if ask:
        token = SecretStr(typer.prompt("An administrator's token", hide_input=True).strip())
        settings = settings.model_copy(update={"github_token": token})
    try:
        good = asyncio.run(_ask(settings, repository, Wanted(settings.app_id, pattern_of(branch), strict), check=check))
    except ForgeError as error:
        raise ValueError(f"{repository}: {_told(error, settings)}") from error
    raise typer.Exit(0 if good else 1)


async def _ask(settings: "Settings", repository: str, want: "Wanted", *, check: bool) -> bool:
    import httpx

    from app.cli.protect import change, look
    from app.forge.api import Forge

    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:
        forge = Forge(settings, client, _private_key(settings), write_gap_s=settings.write_gap_s)
        gh = await _client(settings, forge, repository, check=check)
        return await (look if check else change)(gh, want)


def _private_key(settings: "Settings") -> str:
    """A person's token stands alone: it can be used where the App's key is not."""
    if settings.github_token.get_secret_value():
        return ""
    settings.require_credentials()
    assert settings.private_key_file is not None  # noqa: S101 - that was asked for
    return settings.private_key_file.read_text()


async def _client(settings: "Settings", forge: "Forge", repository: str, *, check: bool) -> "GitHub":
    from app.forge.errors import NotFoundError
    from app.forge.permissions import PROTECT, READ
    from app.forge.person import AsPerson

    token = settings.github_token.get_secret_value()
    if token:
        print(f"{repository}, with a person's token")
        owner, _, name = repository.partition("/")
        return AsPerson(forge, owner, name, token)
    repo = await forge.find_repo(repository)
    if repo is None:
        raise NotFoundError(f"the App {settings.app_id} is not installed there; install it from its page on GitHub")
    print(f"{repository}, as the App {settings.app_id}")
    return forge.on(repo, READ if check else PROTECT)


def _told(error: Exception, settings: "Settings") -> str:
    """What a person should do, where it is known what the refusal is about."""
    from app.forge.errors import NotFoundError, RefusedError

    person = bool(settings.github_token.get_secret_value())
    status = error.status if isinstance(error, RefusedError) else 0
    if status == 401 and person:  # noqa: PLR2004 - HTTP's own number
        return "GitHub does not know the token; make a new one"
    if status and "upgrade to" in str(error).lower():
        return f"{_NO_PLAN}; take another plan or make it public ({error})"
    if status in {403, 422} and (person or "no token for" in str(error) or status == 403):  # noqa: PLR2004
        return f"{_AS_PERSON if person else _AS_APP} ({error})"
    if isinstance(error, NotFoundError) and person:
        return f"{_NO_SUCH.format(who='the token')} ({error})"
    return str(error)

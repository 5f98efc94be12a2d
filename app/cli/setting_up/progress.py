"""How far a set-up has come: asked of GitHub each time, so that one that was left half done goes on from there."""

from dataclasses import dataclass

import httpx

from app.cli.setting_up.starter import Starter, find_starter
from app.forge.api import Forge, GitHub
from app.forge.errors import ForgeError
from app.forge.permissions import READ
from app.forge.protection import is_gate_required
from app.forge.read import read_default_branch
from app.policy.values import Repo
from app.settings import Settings

_MOST = 20
"""Repositories that are looked at; each takes some five requests."""


@dataclass(frozen=True)
class RepoProgress:
    """`required` None: it could not be seen. `fault`: why nothing could."""

    name: str
    starter: Starter = Starter("none")
    required: bool | None = None
    fault: str = ""


@dataclass(frozen=True)
class Progress:
    """`slug` empty: there is no App yet. `page`: the App's on GitHub. `more`: repositories that were not looked at.

    `suspended`: accounts that have installed the App and then put it to rest.
    """

    slug: str = ""
    page: str = ""
    repositories: tuple[RepoProgress, ...] = ()
    more: int = 0
    has_model: bool = False
    fault: str = ""
    suspended: tuple[str, ...] = ()


def open_forge(settings: Settings, client: httpx.AsyncClient) -> Forge:
    """Raises `ValueError` that says what is missing."""
    settings.require_credentials()
    assert settings.private_key_file is not None  # noqa: S101 - that was asked for
    return Forge(settings, client, settings.private_key_file.read_text(), write_gap_s=settings.write_gap_s)


async def look(settings: Settings, client: httpx.AsyncClient) -> Progress:
    """Never raises for what GitHub answers: the `fault` says it."""
    if not settings.app_id:
        return Progress(has_model=settings.has_model)
    try:
        forge = open_forge(settings, client)
        page = str((await forge.ask_as_app("/app"))["html_url"])
        installed = await forge.all_installations()
        awake = [int(each["id"]) for each in installed if each.get("suspended_at") is None]
        repos = [repo for each in awake for repo in await forge.repositories(each)]
    except (ForgeError, ValueError, OSError) as error:
        return Progress(settings.app_slug, fault=str(error), has_model=settings.has_model)
    if not page.startswith(f"{settings.github_url}/"):
        place = "apps" if settings.api_url.startswith("https://api.") else "github-apps"
        page = f"{settings.github_url}/{place}/{settings.app_slug}"
    looked = [await _look_at(forge.on(repo, READ)) for repo in repos[:_MOST]]
    resting = tuple(str(each["account"]["login"]) for each in installed if each["id"] not in awake)
    more = len(repos) - len(looked)
    return Progress(settings.app_slug, page, tuple(looked), more, settings.has_model, suspended=resting)


async def _look_at(gh: GitHub) -> RepoProgress:
    try:
        starter = await find_starter(gh)
        required = await is_gate_required(gh, await read_default_branch(gh))
    except ForgeError as error:
        return RepoProgress(gh.repo.full_name, fault=str(error))
    return RepoProgress(gh.repo.full_name, starter, required)


async def find_repositories(settings: Settings, client: httpx.AsyncClient) -> tuple[Forge, list[Repo]]:
    """Those that the App is installed on. Raises forge errors, and `ValueError` without credentials."""
    forge = open_forge(settings, client)
    return forge, [repo for each in await forge.installations() for repo in await forge.repositories(each)]

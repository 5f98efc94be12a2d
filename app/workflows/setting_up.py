"""The set-up of a project: once for its manifests, before any other command of a run; its box has what that left."""

import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from app.forge.git import blob_ids, list_files
from app.knowledge.setups.finding import find_setup, worth_reading
from app.knowledge.setups.plan import Setup
from app.policy.config import Policy
from app.policy.render import code
from app.policy.values import Sha
from app.runs.engine import Context
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.prepared_box import with_prepared
from app.sandbox.removal import remove_tree
from app.wiring import Services
from app.workflows.journalled import journalled
from app.workflows.preparing import Made, make
from app.workflows.sources import read_texts
from app.workflows.testing import Tests
from app.workflows.texts import brief

log = structlog.get_logger()

_STEP = "set-up"
_DAY_S = 86_400
_AGE_S = 30 * _DAY_S
"""What is not locked changes: each so often a project is set up anew, and what nobody used for so long goes."""
_MOST = 4
"""Of one repository that are kept though nobody used them for a day."""
_AT_MOST = 12
"""Of one repository, those in use among them: whoever can push has a branch of their own set up, and disks fill up."""
_FULL = f"{_AT_MOST} set-ups of this repository were used within a day, and no more are kept"
_LINE_CHARS, _NAMED = 200, 3
_TRY_AGAIN_S = 3600
"""A set-up that failed is tried again when so much has passed: a registry may have been away."""


@dataclass(frozen=True)
class SetUp:
    """`key`: names the folder of what was left; empty where nothing was to be done. `made.why`: it failed."""

    key: str = ""
    commands: tuple[str, ...] = ()
    found_by: str = ""
    made: Made = Made()
    left_out: tuple[str, ...] = ()


async def set_up(ctx: Context, services: Services, policy: Policy, base: Sha, ref: str) -> tuple[Services, SetUp]:
    """`services` with a box whose commands find what the set-up of `base` left; unchanged where there was none.

    `ref`: the branch that `base` is of. What is installed may hang on files that nobody can tell beforehand, so that
    what one branch left is not used for another: who may push there would have a word in what passes here.

    Done once for a run, and not at all where the same was set up before. A set-up that fails is told, not raised: the
    tests say whether they can do without.
    """

    async def do() -> SetUp:
        return await _set_up(ctx, services, policy, base, ref)

    told = await journalled(ctx, _STEP, SetUp, do)
    if not told.key or told.made.why:
        return services, told
    place = _place_of(ctx, services, told.key)
    if not place.is_dir():  # another machine did it, or it was taken away
        again = await _make(ctx, services, told.commands, base, place)
        if again.why:
            return services, replace(told, made=again)
    await asyncio.to_thread(os.utime, place)
    return replace(services, box=with_prepared(services.box, place)), told


def render_set_up(told: SetUp) -> str:
    """For people: a sentence or two; nothing where nothing was to be done."""
    if not told.commands:
        return ""
    how = ", ".join(code(each) for each in told.commands)
    by = f" (found out: {brief(told.found_by)})" if told.found_by else ""
    if not told.made.why:
        left_out = "; ".join(brief(each) for each in told.left_out[:_NAMED])
        return f"Set up by {how}{by}.{f' Not run: {left_out}.' if left_out else ''}"
    refused = ", ".join(code(each) for each in told.made.refused)
    asked = f" It asked for {refused}, which `QUORUM_SETUP_HOSTS` does not name." if refused else ""
    lines = [line.strip() for line in told.made.output.splitlines() if line.strip()]
    said = f" The last that it printed: {code(lines[-1][-_LINE_CHARS:])}." if lines else ""
    return (
        f"The set-up failed: {brief(told.made.why)}.{asked}{said} Work goes on without what it would have installed; "
        "`setup` in `.github/quorum.yml` says how it is done, `setup: false` that nothing is needed."
    )


def with_reason(tests: Tests, told: SetUp) -> Tests:
    """Tests that may fail for want of what could not be installed say so."""
    if not told.made.why or tests.result != "failed":
        return tests
    return replace(tests, line=f"{tests.line}; before, the set-up failed: {brief(told.made.why)}")


async def _set_up(ctx: Context, services: Services, policy: Policy, base: Sha, ref: str) -> SetUp:
    mirror = services.mirrors.path(ctx.run.repo)
    paths = await list_files(mirror, base)
    texts = await read_texts(mirror, base, worth_reading(paths))
    found = await asyncio.to_thread(find_setup, policy.setup, {path: texts.get(path, "") for path in paths})
    if not found.commands or not services.settings.setup_hosts:
        return SetUp()
    key = _key(ref, found, await blob_ids(mirror, base, found.files), services.settings.setup_hosts)
    told = SetUp(key, found.commands, "" if policy.setup is not None else found.why, left_out=found.left_out)
    place = _place_of(ctx, services, key)
    await asyncio.to_thread(_tidy_all, services.prepared)
    if place.is_dir():
        return told
    failed = await asyncio.to_thread(_failed_before, place)
    if failed is not None:
        return replace(told, made=failed)
    if await asyncio.to_thread(_is_full, place.parent):
        return replace(told, made=Made(why=_FULL))
    return replace(told, made=await _make(ctx, services, found.commands, base, place))


async def _make(ctx: Context, services: Services, commands: Sequence[str], base: Sha, place: Path) -> Made:
    mirror, hosts = services.mirrors.path(ctx.run.repo), services.settings.setup_hosts
    try:
        made = await make(services.box, mirror, base, commands, place, hosts=hosts)
    except SandboxUnavailableError as error:
        return Made(why=str(error))
    if made.why:
        log.warning("a project could not be set up", run=ctx.run.id, repository=ctx.run.repo.full_name, why=made.why)
        await asyncio.to_thread(_mark(place).write_text, json.dumps(asdict(made)))
    return made


def _key(ref: str, found: Setup, files: Mapping[str, str], hosts: Sequence[str]) -> str:
    """Of all that the outcome depends on, as far as it can be told."""
    about = [ref, found.commands, sorted(files.items()), sorted(hosts), sys.version, int(time.time() // _AGE_S)]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]


def _place_of(ctx: Context, services: Services, key: str) -> Path:
    return services.prepared / str(ctx.run.repo.id) / key


def _mark(place: Path) -> Path:
    return place.with_name(f"{place.name}.failed")


def _failed_before(place: Path) -> Made | None:
    try:
        if time.time() - _mark(place).stat().st_mtime > _TRY_AGAIN_S:
            return None
        return TypeAdapter(Made).validate_json(_mark(place).read_bytes())
    except (OSError, ValidationError):
        return None


def _is_full(folder: Path) -> bool:
    return folder.is_dir() and sum(each.is_dir() for each in folder.iterdir()) >= _AT_MOST


def _tidy_all(prepared: Path) -> None:
    """Of repositories that Quorum no longer sees nobody else would take anything away."""
    prepared.mkdir(parents=True, exist_ok=True, mode=0o755)
    for each in prepared.iterdir():
        if each.is_dir() and not each.is_symlink():
            _tidy(each)


def _tidy(folder: Path) -> None:
    """Take away what nobody used for long, and all but the newest few for a day; what is being made is younger."""
    ages = {}
    for each in folder.iterdir():
        with suppress(OSError):  # somebody else was quicker
            ages[each] = time.time() - each.lstat().st_mtime
    for number, each in enumerate(sorted(ages, key=lambda each: ages[each])):
        if ages[each] <= (_DAY_S if number >= _MOST or each.name.startswith(".") else _AGE_S):
            continue
        if each.is_dir():
            remove_tree(each)
        else:
            each.unlink(missing_ok=True)

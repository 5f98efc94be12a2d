"""The whole table of roles, opened: each model once, behind its gateway, in chains with those that stand in for it."""

from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.llm.by_role import ByRole
from app.llm.chain import Chain, Link
from app.llm.gateway import Gateway
from app.llm.outages import Outages
from app.llm.own_prices import OwnPrice
from app.llm.providers import open_model
from app.llm.recording import Recorder
from app.llm.shared import Shared
from app.llm.table import check_table
from app.llm.throttle import Allowed, Throttle
from app.settings import Settings

_DEADLINE_S = 900.0
"""How long all tries for one answer may take; longer only where a single one may take longer."""
_Kind = TypeVar("_Kind", bound=BaseModel)
_SHORT = {"default": "QUORUM_MODEL", "light": "QUORUM_LIGHT_MODEL", "second": "QUORUM_SECOND_MODEL"}


def open_models(settings: Settings, perspectives: Collection[str], stack: AsyncExitStack) -> ByRole:
    """Raises `ValueError` that names the setting, for a table that cannot be used; nothing is asked yet."""
    table = settings.table
    check_table(settings.models, perspectives)
    named = {name for models in table.values() for name in models}
    for variable, given in (("QUORUM_MODEL_LIMITS", settings.model_limits), ("QUORUM_PRICES", settings.prices)):
        if (strange := sorted(set(given) - named)) and not settings.replays:
            raise ValueError(f"{variable} speaks of {strange[0]!r}, which no role has; write a model as the roles do")
    shares = bool(settings.model_limits) or any(len(models) > 1 for models in table.values())
    shared = Shared(settings.broker_url if shares else "")
    stack.push_async_callback(shared.close)
    outages, links = Outages(shared), dict[str, Link]()
    for row, models in table.items():
        variable = f"QUORUM_MODELS, at {row!r}," if row in settings.models else _SHORT[row]
        for name in models:
            links[name] = links.get(name) or _open(name, variable, settings, shared, stack)
    chains = {models: Chain([links[name] for name in models], outages) for models in table.values()}
    return ByRole(table, chains, Recorder(settings.record).record if settings.record else None)


def _open(name: str, variable: str, settings: Settings, shared: Shared, stack: AsyncExitStack) -> Link:
    opened = open_model(name, variable, settings)
    if opened.wire is not None:
        stack.push_async_callback(opened.wire.close)
    throttle = None
    if name in settings.model_limits:
        throttle = Throttle(name, _read(Allowed, settings.model_limits[name], "QUORUM_MODEL_LIMITS", name), shared)
    listed = settings.prices.get(name, ())
    prices = tuple(
        _read(OwnPrice, each, "QUORUM_PRICES", name) for each in ([listed] if isinstance(listed, dict) else listed)
    )
    link = replace(opened.link, prices=prices)
    gateway = Gateway(
        link.model,
        deadline_s=max(_DEADLINE_S, settings.model_timeout_s),
        try_s=settings.model_timeout_s,
        charge=link.cost if link.costs else None,
        throttle=throttle,
    )
    return replace(link, model=gateway)


def _read(kind: type[_Kind], value: object, variable: str, name: str) -> _Kind:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"])) or "it"
        raise ValueError(f"{variable}, at {name!r}: {place}: {fault['msg']}") from error

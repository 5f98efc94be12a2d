"""What a worker opens: services by its settings, or by the last ones that could be worked with."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from app.settings import Settings
from app.sources.live import Live
from app.sources.spare import Spare
from app.wiring import Services, open_services


@dataclass(frozen=True)
class Opened:
    """Services, and what closes them."""

    services: Services
    stack: AsyncExitStack


@dataclass(frozen=True)
class Opening:
    """`only_looks`: as `open_services` has it. `spare`: the file as it was when services were last opened by it."""

    only_looks: bool
    spare: Spare[Settings] | None = None

    async def first(self, settings: Settings, live: Live[Settings] | None) -> Opened:
        """By these settings, or else by the spare ones, which count from then on. Raises `ValueError` without those."""
        try:
            return await self.by(settings)
        except Exception as error:
            if self.spare is None:
                raise
            last = self.spare.last(error)
        if live is not None:
            live.now = last
        return await _open(last, only_looks=self.only_looks)

    async def by(self, settings: Settings) -> Opened:
        """Raises `ValueError` for settings that cannot be worked with; nothing is left open then."""
        opened = await _open(settings, only_looks=self.only_looks)
        if self.spare is not None:
            self.spare.take()
        return opened


async def _open(settings: Settings, *, only_looks: bool) -> Opened:
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings, only_looks=only_looks))
        return Opened(services, stack.pop_all())
    raise AssertionError("the block returns or raises")

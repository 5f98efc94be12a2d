"""Which model answers which role: a cheaper one for those that are named, the usual one for all others."""

from collections.abc import Mapping

from app.llm.messages import Model, Reply, Request


class ByRole:
    """A `Model`."""

    def __init__(self, usual: Model, others: Mapping[str, Model]) -> None:
        self._usual = usual
        self._others = others

    async def reply(self, request: Request) -> Reply:
        """Ask the role's model. Raises what that raises."""
        return await self._others.get(request.role, self._usual).reply(request)

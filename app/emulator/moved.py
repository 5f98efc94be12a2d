"""Repositories under their ids and under the names that they had.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
"""

import re

from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.emulator.state import Repository, World

_BY_ID = re.compile(r"^/api/v3/repositories/(\d+)(/.*)?$")
_BY_NAME = re.compile(r"^(?P<api>/api/v3/repos)?/(?P<owner>[^/]+)/(?P<name>[^/]+?)(?P<rest>\.git/.*|/.*)?$")
_KEPT = frozenset({"GET", "HEAD"})


class Moved:
    """ASGI middleware. `/repositories/ID/...` means what `/repos/OWNER/NAME/...` does; an old name leads to the new."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app, self.world = app, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        by_id, by_name = _BY_ID.match(scope["path"]), _BY_NAME.match(scope["path"])
        if by_id and int(by_id[1]) in self.world.repositories:
            repository = self.world.repositories[int(by_id[1])]
            scope = {**scope, "path": f"/api/v3/repos/{repository.full_name}{by_id[2] or ''}"}
            scope["raw_path"] = scope["path"].encode()
        elif by_name and (moved := self._find(by_name["owner"], by_name["name"])):
            rest, query = by_name["rest"] or "", scope["query_string"].decode()
            answer = self._to(moved, rest + (f"?{query}" if query else ""), scope, api=bool(by_name["api"]))
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _find(self, owner: str, name: str) -> Repository | None:
        """The repository that had this name, unless another one has it now."""
        if self.world.find(owner, name) is not None:
            return None
        wanted = f"{owner}/{name}".lower()
        return next((each for each in self.world.repositories.values() if wanted in each.former_names), None)

    def _to(self, repository: Repository, rest: str, scope: Scope, *, api: bool) -> RedirectResponse | JSONResponse:
        """The API leads to the id, git to the new name. What writes is to be sent again as it was: 307."""
        if not api:
            return RedirectResponse(f"{self.world.base_url}/{repository.full_name}{rest}", 301)
        url = f"{self.world.base_url}/api/v3/repositories/{repository.id}{rest}"
        status, message = (301, "Moved Permanently") if scope["method"] in _KEPT else (307, "Temporary Redirect")
        body = {"message": message, "url": url, "documentation_url": "https://docs.github.com/rest"}
        return JSONResponse(body, status, {"location": url})

"""Deliveries of an App's webhook: https://docs.github.com/en/rest/apps/webhooks."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator.auth import app_of
from app.emulator.hooks import hooks_of
from app.emulator.http import GitHubError, invalid, page_size
from app.emulator.state import App

Json = dict[str, Any]
_CURSOR = "v1_"
_FINE = range(200, 400)
_KEPT = ("id", "guid", "delivered_at", "redelivery", "status", "status_code", "event", "action")


async def get_config(request: Request) -> Response:
    """Where deliveries go; the secret is never shown."""
    _, app = app_of(request)
    return JSONResponse({"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": app.hook_url})


async def list_deliveries(request: Request) -> Response:
    """Newest first, in pages that a cursor leads to: a number would shift with every delivery that comes in."""
    _, app = app_of(request)
    before, size, wanted = _cursor(request), page_size(request), request.query_params.get("status")
    found = [
        each
        for each in reversed(hooks_of(request).deliveries)
        if each["app"] is app
        and (before is None or each["id"] < before)
        and wanted in {None, "success" if each["status_code"] in _FINE else "failure"}
    ]
    page, headers = found[:size], {}
    if len(found) > size:
        url = request.url.include_query_params(cursor=f"{_CURSOR}{page[-1]['id']}")
        headers = {"link": f'<{url}>; rel="next"'}
    return JSONResponse([_render(each) for each in page], headers=headers)


def _cursor(request: Request) -> int | None:
    told = request.query_params.get("cursor")
    if told is None:
        return None
    if not told.startswith(_CURSOR) or not told.removeprefix(_CURSOR).isdecimal():
        raise invalid("HookDelivery", "cursor")
    return int(told.removeprefix(_CURSOR))


async def get_delivery(request: Request) -> Response:
    _, app = app_of(request)
    delivery = _find(request, app)
    sent = {"headers": delivery["request"], "payload": delivery["payload"]}
    return JSONResponse({**_render(delivery), "url": app.hook_url, "request": sent, "response": delivery["response"]})


async def redeliver(request: Request) -> Response:
    _, app = app_of(request)
    hooks_of(request).redeliver(_find(request, app))
    return JSONResponse({}, 202)


def _find(request: Request, app: App) -> Json:
    for delivery in hooks_of(request).deliveries:
        if delivery["id"] == request.path_params["id"] and delivery["app"] is app:
            return delivery
    raise GitHubError(404, "Not Found")


def _render(delivery: Json) -> Json:
    payload = delivery["payload"]
    about = {"installation_id": payload["installation"]["id"], "repository_id": payload.get("repository", {}).get("id")}
    return {**{key: delivery[key] for key in _KEPT}, "duration": 0.01, "throttled_at": None, **about}


_D = "/api/v3/app/hook/deliveries"
routes = [
    Route("/api/v3/app/hook/config", get_config, methods=["GET"]),
    Route(_D, list_deliveries, methods=["GET"]),
    Route(f"{_D}/{{id:int}}", get_delivery, methods=["GET"]),
    Route(f"{_D}/{{id:int}}/attempts", redeliver, methods=["POST"]),
]

"""What the pages are made of. Every text that comes in is escaped; no page runs a script."""

from starlette.responses import HTMLResponse, Response

from app.markup import text

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
    "h2{margin-top:1.6em}label{display:block;margin:.5em 0}code,pre{background:#8882;padding:.1em .3em}"
    ".fault{border-left:4px solid #c00;padding-left:1em}"
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    # `no-referrer` and `same-origin` would hide the origin of our own forms: https://fetch.spec.whatwg.org/#origin-header
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "no-store",
}


def page(title: str, *parts: str, status: int = 200, again_s: int = 0) -> Response:
    """The parts are HTML, the title is text.

    `again_s`: after so long the browser goes to the first page, as this one may answer a form; 0: it stays.
    """
    again = f'<meta http-equiv="refresh" content="{again_s};url=./">' if again_s else ""
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{text(title)}</title>{again}'
    body = f"<style>{_STYLE}</style><h1>{text(title)}</h1>{''.join(parts)}"
    return HTMLResponse(head + body, status, headers=_HEADERS)


def said(words: str) -> str:
    return f"<p>{text(words)}</p>"


def fault(words: str) -> str:
    return f'<p class="fault">{text(words)}</p>'


def typed(command: str) -> str:
    """A command to copy."""
    return f"<pre>{text(command)}</pre>"


def entry(name: str, words: str, value: str = "") -> str:
    return f'<label>{text(words)} <input name="{text(name)}" value="{text(value)}" size="40"></label>'


def choice(name: str, value: str, words: str, *, chosen: bool = False) -> str:
    on = " checked" if chosen else ""
    return f'<label><input type="radio" name="{text(name)}" value="{text(value)}"{on}> {text(words)}</label>'


def box(name: str, value: str, words: str) -> str:
    return f'<label><input type="checkbox" name="{text(name)}" value="{text(value)}" checked> {text(words)}</label>'

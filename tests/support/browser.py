"""A browser without a screen: it keeps cookies, follows redirections from site to site, and finds forms on pages.

Forms carry an `Origin` as browsers send it: https://fetch.spec.whatwg.org/#append-a-request-origin-header.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx


@dataclass
class Form:
    """`fields`: what is sent if nothing is changed. `boxes`: of check boxes and radio buttons, all there are."""

    action: str
    button: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)


class Browser:
    """`page` is what is shown now, `address` where it is."""

    def __init__(self, sites: Mapping[str, httpx.AsyncBaseTransport]) -> None:
        self.client = httpx.AsyncClient(mounts=sites, follow_redirects=True)
        self.page = ""
        self.address = ""
        self.status = 0
        self._policy = ""

    async def open(self, address: str) -> None:
        self._shows(await self.client.get(urljoin(self.address, address)))

    async def follow(self, words: str) -> None:
        """The link of these words."""
        await self.open(next(address for address, told in self._read().links if told == words))

    async def submit(self, button: str, **changed: str | list[str]) -> None:
        """The form with this button, with some fields filled in."""
        form = next((each for each in self.forms if button in each.button), None)
        assert form is not None, f"no form {button!r} on {self.address}: {self.page}"
        told = {**form.fields, **{name: [each] if isinstance(each, str) else each for name, each in changed.items()}}
        unknown = [name for name in changed if name not in form.fields and name not in form.boxes]
        assert not unknown, f"no fields {unknown} in {form}"
        to = urljoin(self.address, form.action)
        headers = {"origin": self._origin(to)}
        answer = await self.client.post(to, data=told, headers=headers, follow_redirects=False)
        if answer.is_redirect:  # by GET, and so without an origin
            answer = await self.client.get(urljoin(to, answer.headers["location"]))
        self._shows(answer)

    def _origin(self, to: str) -> str:
        own, other = ("{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in (self.address, to))
        hidden = self._policy == "no-referrer" or (self._policy == "same-origin" and own != other)
        return "null" if hidden else own

    @property
    def forms(self) -> list[Form]:
        return self._read().forms

    def _read(self) -> "_Page":
        page = _Page()
        page.feed(self.page)
        return page

    def _shows(self, answer: httpx.Response) -> None:
        self.page, self.address, self.status = answer.text, str(answer.url), answer.status_code
        self._policy = answer.headers.get("referrer-policy", "")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told["action"]))
        elif tag == "a":
            self.links.append((told["href"], ""))
        elif tag == "input" and told.get("type") in {"checkbox", "radio"}:
            self.forms[-1].boxes.setdefault(told["name"], []).append(told["value"])
            if "checked" in told:
                self.forms[-1].fields.setdefault(told["name"], []).append(told["value"])
        elif tag == "input":
            self.forms[-1].fields.setdefault(told["name"], []).append(told.get("value", ""))
        elif tag in {"textarea", "select"}:
            self.forms[-1].fields.setdefault(told["name"], []).append("")
        if tag in {"a", "button"}:
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "a":
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)
        elif self._in == "button":
            self.forms[-1].button += data

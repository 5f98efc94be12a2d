"""Where a GitHub is, and where its API is. Pure."""

from urllib.parse import urlsplit

_OWN = "github.com"
_RESIDENT = ".ghe.com"
"""Enterprise Cloud with data residency: https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def parse_root(text: str, *, private: bool = False) -> str:
    """Scheme, host and port, written in one way. Raises `ValueError` that says what to write.

    `private`: over plain HTTP on this machine only, as credentials come over it.
    """
    example = "write the whole address, such as https://github.example.com"
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"{example} ({error})") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise ValueError(example)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{example}, and nothing behind the host")
    host = _page_of(host)
    if parts.scheme == "http" and (_is_githubs(host) or (private and not is_local(host))):
        raise ValueError(f"write https://{host}: over http everybody on the way sees credentials")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port is not None else ''}"


def api_of(root: str) -> str:
    """The root of REST: https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api."""
    host = urlsplit(root).hostname or ""
    return f"https://api.{host}" if _is_githubs(host) else f"{root}/api/v3"


def graphql_of(root: str) -> str:
    """https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql#the-graphql-endpoint."""
    host = urlsplit(root).hostname or ""
    return f"https://api.{host}/graphql" if _is_githubs(host) else f"{root}/api/graphql"


def is_local(host: str) -> bool:
    """Whether it is this machine."""
    return host in _LOCAL


def _page_of(host: str) -> str:
    """The host of its pages, for somebody who wrote that of its API, or an old name."""
    if host in {f"www.{_OWN}", f"api.{_OWN}"}:
        return _OWN
    return host.removeprefix("api.") if host.endswith(_RESIDENT) and host.count(".") > 2 else host  # noqa: PLR2004


def _is_githubs(host: str) -> bool:
    """One that GitHub itself runs."""
    return host == _OWN or host.endswith(_RESIDENT)

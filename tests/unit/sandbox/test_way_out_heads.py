"""Which requests are let out of a set-up: exactly those for hosts of the list, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.allowed import Asked, Target, parse_entry, parse_head
from app.sandbox.prepared import parse_kept

ENTRIES = {
    "pypi.org": Target("pypi.org", 443),
    "PyPI.org.": Target("pypi.org", 443),
    "npm.example:4873": Target("npm.example", 4873),
    "http://mirror.internal": Target("mirror.internal", 80, plain=True),
    "HTTP://mirror.internal:8081": Target("mirror.internal", 8081, plain=True),
    "10.0.0.7:8443": Target("10.0.0.7", 8443),
    "[fd00::7]": Target("[fd00::7]", 443),
}


@pytest.mark.parametrize(("entry", "target"), ENTRIES.items(), ids=ENTRIES)
def test_entries_are_read(entry: str, target: Target) -> None:
    assert parse_entry(entry) == target
    assert parse_entry(str(target)) == target


NO_ENTRIES = [
    "",
    "*",
    "*.example.org",
    ".example.org",
    "example.org..",
    "https://example.org",
    "http://example.org/simple",
    "user@example.org",
    "example.org:0",
    "example.org:65536",
    "example.org:",
    "exämple.org",
    "a b",
    "example.org\n",
    "[::1",
    "http://",
]


@pytest.mark.parametrize("entry", NO_ENTRIES)
def test_what_is_no_entry_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="write it as HOST"):
        parse_entry(entry)


def head(line: str, *fields: str) -> bytes:
    return "\r\n".join([line, *fields, "", ""]).encode()


def test_a_tunnel_is_asked_for() -> None:
    asked = parse_head(
        head("CONNECT PyPI.org.:443 HTTP/1.1", "Host: elsewhere.example", "Proxy-Authorization: Basic x")
    )
    assert asked == Asked(Target("pypi.org", 443))


def test_a_request_of_a_mirror_is_worded_anew() -> None:
    fields = ("Host: elsewhere", "Accept: */*", "Connection: keep-alive", "proxy-connection: x", "Content-Length: 0")
    asked = parse_head(head("GET http://Mirror:8081?a=b HTTP/1.0", *fields))
    assert asked.target == Target("mirror", 8081, plain=True)
    assert asked.onward == head("GET /?a=b HTTP/1.1", "Host: mirror:8081", "Connection: close", "Accept: */*")


REFUSED = [
    head("CONNECT pypi.org HTTP/1.1"),
    head("CONNECT user@pypi.org:443 HTTP/1.1"),
    head("CONNECT pypi.org:443:443 HTTP/1.1"),
    head("CONNECT pypi.org:443/ HTTP/1.1"),
    head("CONNECT pypi.org:٤٤٣ HTTP/1.1"),
    head("CONNECT https://pypi.org:443 HTTP/1.1"),
    head("CONNECT  pypi.org:443 HTTP/1.1"),
    head("CONNECT pypi.org:443 HTTP/2.0"),
    head("connect pypi.org:443 HTTP/1.1"),
    head("GET / HTTP/1.1", "Host: mirror"),
    head("GET https://mirror/ HTTP/1.1"),
    head("GET ftp://mirror/ HTTP/1.1"),
    head("GET http://user@mirror/ HTTP/1.1"),
    head("GET http://mirror\\@other/ HTTP/1.1"),
    head("GET http://mirror/#a HTTP/1.1"),
    head("POST http://mirror/ HTTP/1.1"),
    head("PUT http://mirror/ HTTP/1.1"),
    head("GET http://mirror/ HTTP/1.1", "Content-Length: 7"),
    head("GET http://mirror/ HTTP/1.1", "Transfer-Encoding: chunked"),
    head("GET http://mirror/ HTTP/1.1", "Transfer-Encoding : chunked"),
    head("GET http://mirror/ HTTP/1.1", " Accept: folded"),
    head("GET http://mirror/ HTTP/1.1", "Accept: a\nTransfer-Encoding: chunked"),
    b"\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("sent", REFUSED)
def test_what_is_not_plainly_a_request_is_refused(sent: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_head(sent)


ALLOWED = {Target("pypi.org", 443), Target("mirror", 80, plain=True)}
PIECES = [
    "pypi.org",
    "mirror",
    "evil",
    ":443",
    ":80",
    ".",
    "@",
    "/",
    "\\",
    "#",
    "?",
    "%2e",
    " ",
    "\t",
    "\r",
    "\n",
    "\0",
    "[",
]
METHODS = st.sampled_from(["CONNECT ", "GET ", "HEAD ", "GET http://", "POST http://", "CONNECT http://"])
NEAR = st.builds(
    lambda method, pieces: f"{method}{''.join(pieces)} HTTP/1.1\r\nAccept: a\r\n\r\n".encode(),
    METHODS,
    st.lists(st.sampled_from(PIECES), max_size=6),
)


@given(NEAR | st.binary(max_size=80).map(lambda told: told + b"\r\n\r\n"))
def test_whatever_is_let_through_names_an_allowed_host_and_is_one_request(sent: bytes) -> None:
    try:
        asked = parse_head(sent)
    except ValueError:
        return
    assert asked.target == parse_entry(str(asked.target)), "it is in the form that entries have"
    if asked.target not in ALLOWED:
        return
    if asked.target.plain:
        assert asked.onward.startswith((b"GET /", b"HEAD /"))
        assert asked.onward.count(b"\r\nHost: mirror:80\r\n") == 1
        assert asked.onward.index(b"\r\n\r\n") == len(asked.onward) - 4
        assert not {b"\n", b"\r", b"\0"} & {each.strip(b" ") for each in asked.onward.split(b"\r\n")}
    else:
        first = sent.split(b"\r\n")[0].lower()
        assert first in {b"connect pypi.org:443 http/1.1", b"connect pypi.org.:443 http/1.1"}


@given(st.lists(st.text(alphabet="ab./\n\0\\", max_size=12)).map("\n".join))
def test_what_is_kept_stays_within_a_tree(told: str) -> None:
    kept = parse_kept(told.encode())
    for path in kept:
        assert not path.startswith("/")
        assert not {"..", ".", "", ".git"} & set(path.split("/"))
        assert not any(path != each and path.startswith(f"{each}/") for each in kept)


def test_names_of_what_is_kept_are_read() -> None:
    assert parse_kept(b"node_modules\npackages/a/node_modules/\n\n./dist\ndist/inner\n../x\n/x\n") == [
        "dist",
        "node_modules",
        "packages/a/node_modules",
    ]
    assert parse_kept(b"") == []

"""A registry of packages as pip asks one: https://packaging.python.org/en/latest/specifications/simple-repository-api/."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_WHEEL = "words-1.0-py3-none-any.whl"
_ABOUT = "words-1.0.dist-info"


class Registry:
    """Has one package, `words`. `asked`: the paths that were asked for."""

    def __init__(self, port: int) -> None:
        self.host = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []


@contextmanager
def registry() -> Iterator[Registry]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            body = {
                "/simple/words/": f'<a href="/{_WHEEL}">{_WHEEL}</a>'.encode(),
                f"/{_WHEEL}": _wheel(),
            }.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/zip" if self.path.endswith(".whl") else "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told = Registry(server.server_address[1])
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def _wheel() -> bytes:
    files = {
        "words.py": "def hello():\n    return 'hello'\n",
        f"{_ABOUT}/METADATA": "Metadata-Version: 2.1\nName: words\nVersion: 1.0\n",
        f"{_ABOUT}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{_ABOUT}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{_ABOUT}/RECORD"))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return held.getvalue()

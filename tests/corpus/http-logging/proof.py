import logging

from gateway.http import Gateway

lines = []
handler = logging.Handler()
handler.emit = lambda record: lines.append(record.getMessage())
logging.getLogger("gateway").addHandler(handler)
assert Gateway(lambda url, headers, body: 500).post("https://example.com", "t0ken", b"{}") is False
assert lines
assert "t0ken" not in lines[0], lines[0]

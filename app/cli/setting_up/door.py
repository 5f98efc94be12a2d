"""Who may see the pages of set-up: whoever opened the address that the terminal shows, and nobody else.

Other people may have programs on this machine. They see command lines, so that an address with a key, which is handed
to a browser on one, opens one browser only. They can listen at other ports of the loopback, and browsers keep cookies
by host and not by port (https://www.rfc-editor.org/rfc/rfc6265#section-8.5): ours goes along to a path alone that
nobody can guess.
"""

import secrets


class Door:
    """`path` is where the pages are, `key` what the next browser has to bring."""

    def __init__(self) -> None:
        self.path = f"/{secrets.token_urlsafe(12)}/"
        self.key = secrets.token_urlsafe(24)
        self.cookie = secrets.token_urlsafe(24)

    def opens(self, key: str) -> bool:
        """Whether this is the key, which is worth nothing from then on: the next browser needs another."""
        if not _same(key, self.key):
            return False
        self.key = secrets.token_urlsafe(24)
        return True

    def is_known(self, cookie: str) -> bool:
        return _same(cookie, self.cookie)


def _same(given: str, held: str) -> bool:
    return secrets.compare_digest(given.encode(), held.encode())

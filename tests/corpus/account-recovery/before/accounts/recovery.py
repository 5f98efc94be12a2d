import secrets
import time
from dataclasses import dataclass

LIFETIME_S = 900


@dataclass
class Recovery:
    user_id: int
    token: str
    expires_at: float


class RecoveryDesk:
    """Hands out tokens to reset a password with. A token is good for one try."""

    def __init__(self, mailer, clock=time.time) -> None:
        self._mailer = mailer
        self._clock = clock
        self._open: dict[int, Recovery] = {}

    def start(self, user_id: int, address: str) -> None:
        token = secrets.token_urlsafe(32)
        self._open[user_id] = Recovery(user_id, token, self._clock() + LIFETIME_S)
        self._mailer.send(address, "Reset your password", f"https://example.com/reset?u={user_id}&t={token}")

    def redeem(self, user_id: int, token: str) -> bool:
        recovery = self._open.pop(user_id, None)
        if recovery is None or self._clock() > recovery.expires_at:
            return False
        return secrets.compare_digest(recovery.token.encode(), token.encode())

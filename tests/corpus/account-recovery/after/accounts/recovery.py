import random
import secrets
import time
from dataclasses import dataclass

LIFETIME_S = 900
CODE_LENGTH = 8
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0, O, 1 and I, which are mistaken for one another on the phone."""


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
        token = "".join(random.choice(ALPHABET) for _ in range(CODE_LENGTH))
        self._open[user_id] = Recovery(user_id, token, self._clock() + LIFETIME_S)
        self._mailer.send(address, "Reset your password", f"Your code is {token}. It is good for 15 minutes.")

    def redeem(self, user_id: int, token: str) -> bool:
        recovery = self._open.pop(user_id, None)
        if recovery is None or self._clock() > recovery.expires_at:
            return False
        return secrets.compare_digest(recovery.token.encode(), token.strip().upper().encode())

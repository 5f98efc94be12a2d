"""What takes long to make and is alike each time: made once a process.

The certificates of the machine are read by every httpx client anew, for a tenth of a second, though no test speaks TLS.
A key pair takes a quarter of a second, and reading it a tenth; which one it is matters to no story.
"""

from functools import cache

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def make_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context))
    patch.setattr("cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key", cache(rsa.generate_private_key))
    read = cache(load_pem_private_key)
    for module in ("app.forge.tokens", "cryptography.hazmat.primitives.serialization"):
        patch.setattr(f"{module}.load_pem_private_key", read)

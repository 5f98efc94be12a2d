"""Names that speak of what an attacker would look for: who may do what, what is secret, what is paid. Pure.

A name is a weak sign, so it only ever adds to a change's risk. Words that are long enough to mean one thing are found
anywhere, as in `userpermissions`; short ones only alone, so that `token` is found and `tokenizer` is not.
"""

import re

from app.policy.kinds import plain_path

_ANYWHERE = re.compile(
    r"auth(?!or(?!i))|crypt|cipher|permission|privilege|password|passwd|passphrase|credential|secret|payment"
    r"|billing|payout|certificate|signature|session|sandbox|firewall|sanitiz|sanitis|security"
)
_ALONE = frozenset({
    "2fa", "acl", "acls", "admin", "cert", "certs", "cookie", "cookies", "cors", "csrf", "csp", "iam", "invoice", "jwt",
    "keys", "keyring", "kms", "ldap", "login", "mfa", "oidc", "otp", "pay", "pem", "rbac", "refund", "saml",
    "signing", "signin", "sso", "sudo", "ssl", "tls", "token", "tokens", "totp", "vault", "wallet", "x509", "xss",
})  # fmt: skip
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GAP = re.compile(r"[^a-z0-9]+")


def sensitive_word(path: str) -> str | None:
    """The first word of ours that the path has; None if it has none. It is never a word of the path's author."""
    found = _ANYWHERE.search(plain_path(path))
    if found is not None:
        return found[0]
    words = _GAP.split(plain_path(_HUMP.sub("_", path)))
    return next((word for word in words if word in _ALONE), None)

"""Names that speak of what an attacker would look for: who may do what, what is secret, what is paid. Pure.

A name is a weak sign, so it only ever adds to a change's risk. Words that are long enough to mean one thing are found
anywhere, as in `userpermissions`; short ones only alone, so that `token` is found and `tokenizer` is not. What nearly
all of a project is called, as where its package is named `jwt`, tells nothing of one change.
"""

import re
from collections import Counter
from collections.abc import Collection

from app.policy.kinds import kinds_of, plain_path
from app.policy.testfiles import is_test

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
_FEWEST_FILES, _MOST_FILES = 5, 5000
"""Of fewer, nothing can be said to be usual; what has more is hardly about one thing, and takes long to look at."""
_USUAL_SHARE = 0.75


def sensitive_word(path: str, usual: Collection[str] = ()) -> str | None:
    """The first word of ours that the path has beside `usual` ones; None if it has none.

    It is never a word of the path's author.
    """
    return next((word for word in sensitive_words(path) if word not in usual), None)


def sensitive_words(path: str) -> list[str]:
    """All of them; those that are found anywhere come first."""
    words = _GAP.split(plain_path(_HUMP.sub("_", path)))
    return [*_ANYWHERE.findall(plain_path(path)), *(word for word in words if word in _ALONE)]


def usual_words(paths: Collection[str]) -> frozenset[str]:
    """Those that three of four files of code have in their names. `paths`: all of a project, before a change."""
    if len(paths) > _MOST_FILES:
        return frozenset()
    code = [path for path in paths if "code" in kinds_of(path) and not is_test(path)]
    if len(code) < _FEWEST_FILES:
        return frozenset()
    counts = Counter(word for path in code for word in set(sensitive_words(path)))
    return frozenset(word for word, count in counts.items() if count >= _USUAL_SHARE * len(code))

"""GitHub's expressions, as far as the Action and the workflows of its page use them. What is not known is an error.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z_][\w.-]*(?:\(\))?|==|!=|&&|\|\||[!()]")
_HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS = re.compile(r"\b(?:always|success|failure|cancelled)\(\)")


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """`text` with the values of its expressions."""
    return _HOLE.sub(lambda found: _as_text(value_of(found[1], contexts)), text)


def is_met(condition: str, contexts: Mapping[str, Any], *, failed: bool) -> bool:
    """Whether a step with this `if:` is done. One that says nothing of earlier steps wants that they went well."""
    told = condition.strip().removeprefix("${{").removesuffix("}}")
    known = {**contexts, "always()": True, "success()": not failed, "failure()": failed, "cancelled()": False}
    return bool(value_of(told or "success()", known)) and (not failed or bool(_STATUS.search(told)))


def value_of(expression: str, contexts: Mapping[str, Any]) -> Any:
    """What is not there is empty."""
    return _Reader(expression, contexts).read()


class _Reader:
    """One walk over the tokens; of `&&` and `||` both sides are read, as reading does nothing."""

    def __init__(self, expression: str, contexts: Mapping[str, Any]) -> None:
        self._contexts = contexts
        self._tokens: list[str] = []
        rest = expression.strip()
        while rest:
            found = _TOKEN.match(rest)
            assert found is not None, f"not known: {rest!r} of {expression!r}"
            self._tokens.append(found[0].strip())
            rest = rest[found.end() :].strip()

    def read(self) -> Any:
        value = self._either()
        assert not self._tokens, f"left over: {self._tokens}"
        return value

    def _either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> Any:
        value = self._one()
        if self._takes("=="):
            return _folded(value) == _folded(self._one())
        if self._takes("!="):
            return _folded(value) != _folded(self._one())
        return value

    def _one(self) -> Any:
        token = self._tokens.pop(0)
        if token == "!":
            return not self._one()
        if token == "(":
            value = self._either()
            assert self._takes(")")
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token in {"true", "false"}:
            return token == "true"
        if token.endswith("()"):
            return self._contexts[token]
        return self._looked_up(token)

    def _looked_up(self, path: str) -> Any:
        first, *rest = path.split(".")
        assert first in self._contexts, f"there is no context {first!r}"
        value = self._contexts[first]
        for name in rest:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def _takes(self, sign: str) -> bool:
        if self._tokens[:1] != [sign]:
            return False
        self._tokens.pop(0)
        return True


def _folded(value: Any) -> str:
    """Texts are the same in any case, and what is missing is as empty."""
    return _as_text(value).casefold()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)

"""What GitHub has on record of the App's webhook: https://docs.github.com/en/rest/apps/webhooks."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Sent(BaseModel):
    """An attempt to deliver. `guid` is the same for all attempts of one delivery, `id` is not."""

    model_config = ConfigDict(frozen=True)

    id: int
    guid: str
    event: str
    delivered_at: datetime
    status: str
    status_code: int

    @property
    def went_well(self) -> bool:
        return 0 < self.status_code < 400  # noqa: PLR2004 - HTTP's own classes


_NEXT = re.compile(r'<([^<>]*)>;\s*rel="next"')
_SENT = TypeAdapter(list[Sent])


def parse_sent(answer: object) -> list[Sent]:
    """Raises pydantic's `ValidationError`."""
    return _SENT.validate_python(answer)


def cursor_of(link: str) -> str:
    """Where the next page begins, by a Link header; of the address in it nothing else is used. Empty at the last page.

    https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
    """
    found = _NEXT.search(link)
    return "" if found is None else "".join(parse_qs(urlsplit(found[1]).query).get("cursor", [])[:1])


def oldest_first(attempts: Iterable[Sent], since: float) -> list[Sent]:
    """The last attempt at each delivery, of those since then (seconds since 1970), by when it was tried first."""
    found: dict[str, Sent] = {}
    for each in sorted(attempts, key=lambda attempt: attempt.id):
        if each.delivered_at.timestamp() >= since:
            found[each.guid] = each
    return list(found.values())


def in_vain(attempts: Iterable[Sent]) -> list[Sent]:
    """The last attempt at each delivery that no attempt brought, oldest first; one under way may still bring it."""
    every = list(attempts)
    fine = {each.guid for each in every if each.status_code < 400}  # noqa: PLR2004 - HTTP's own classes
    return [each for each in oldest_first(every, 0.0) if each.guid not in fine]

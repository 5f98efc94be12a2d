from datetime import UTC, date
from zoneinfo import ZoneInfo

from booking.slots import slots_of_day, slots_of_week


def get_slots(query: dict[str, str], zone: ZoneInfo) -> list[str]:
    """GET /slots?day=YYYY-MM-DD: in UTC, as all times of the API."""
    day = date.fromisoformat(query["day"])
    return [slot.astimezone(UTC).isoformat() for slot in slots_of_day(day, zone)]


def get_week(query: dict[str, str], zone: ZoneInfo) -> list[str]:
    """GET /slots/week?monday=YYYY-MM-DD"""
    monday = date.fromisoformat(query["monday"])
    return [slot.isoformat() for slot in slots_of_week(monday, zone)]

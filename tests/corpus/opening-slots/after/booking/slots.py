from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS = time(9)
SLOT = timedelta(minutes=30)
SLOTS_A_DAY = 16


def slots_of_day(day: date, zone: ZoneInfo) -> list[datetime]:
    """The slots of a day, in the branch's zone."""
    first = datetime.combine(day, OPENS, zone)
    return [first + number * SLOT for number in range(SLOTS_A_DAY)]


def slots_of_week(monday: date, zone: ZoneInfo) -> list[datetime]:
    """The slots of seven days, in UTC."""
    first = datetime.combine(monday, OPENS, zone).astimezone(UTC)
    days = [first + timedelta(days=number) for number in range(7)]
    return [day + number * SLOT for day in days for number in range(SLOTS_A_DAY)]

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS = time(9)
SLOT = timedelta(minutes=30)
SLOTS_A_DAY = 16


def slots_of_day(day: date, zone: ZoneInfo) -> list[datetime]:
    """The slots of a day, in the branch's zone."""
    first = datetime.combine(day, OPENS, zone)
    return [first + number * SLOT for number in range(SLOTS_A_DAY)]

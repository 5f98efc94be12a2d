from datetime import date
from zoneinfo import ZoneInfo

from booking.slots import slots_of_day, slots_of_week

berlin = ZoneInfo("Europe/Berlin")
week = slots_of_week(date(2024, 3, 25), berlin)
assert len(week) == 7 * 16
sunday = week[6 * 16].astimezone(berlin)
assert sunday == slots_of_day(date(2024, 3, 31), berlin)[0], sunday

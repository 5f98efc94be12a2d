from datetime import date


def parse_day(text: str) -> date:
    """A day as 2024-03-31 or 31.03.2024."""
    if "." in text:
        day, month, year = text.split(".")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text)

from imports.dates import parse_day


def read(line: str) -> tuple[str, str]:
    name, day = line.split(";")
    return name, parse_day(day).isoformat()

from auth.throttle import Throttle


class TooManyTriesError(Exception):
    pass


def log_in(throttle: Throttle, passwords: dict[str, str], account: str, password: str, address: str) -> bool:
    if not throttle.allow(address):
        raise TooManyTriesError(address)
    return passwords.get(account) == password

from status.check import is_up


def board(urls: list[str]) -> dict[str, bool]:
    return {url: is_up(url) for url in urls}

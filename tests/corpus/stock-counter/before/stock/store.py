class StockStore:
    """Counts by article. Reading and writing go over the network in production."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = dict(counts)

    def read(self, article: str) -> int:
        return self._counts.get(article, 0)

    def write(self, article: str, count: int) -> None:
        self._counts[article] = count

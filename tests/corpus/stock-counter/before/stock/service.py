from stock.store import StockStore


class SoldOutError(Exception):
    pass


class StockService:
    """Used by all threads of the web server."""

    def __init__(self, store: StockStore) -> None:
        self._store = store

    def reserve(self, article: str, wanted: int) -> int:
        """Take pieces off the stock. Returns how many are left."""
        left = self._store.read(article) - wanted
        if left < 0:
            raise SoldOutError(article)
        self._store.write(article, left)
        return left

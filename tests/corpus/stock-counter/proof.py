import threading


class Known:
    """A lock that tells who holds it: threads are switched at will here, so that the proof does not hang on luck."""

    held = False

    def __enter__(self):
        Known.held = True

    def __exit__(self, *exc):
        Known.held = False


threading.Lock = Known

from stock.service import SoldOutError, StockService
from stock.store import StockStore


class Switching(StockStore):
    """Before a thread that holds no lock goes on from its read, another one reserves."""

    switched = False

    def read(self, article):
        count = super().read(article)
        if not Known.held and not self.switched:
            self.switched = True
            got.append(service.reserve(article, 1))
        return count


got = []
service = StockService(Switching({"lamp": 1}))
try:
    got.append(service.reserve("lamp", 1))
except SoldOutError:
    pass
assert len(got) == 1, f"{len(got)} got the last one"

from decimal import Decimal


class Ledger:
    """Postings by account; what is posted to the parts of an invoice must add up to it."""

    def __init__(self) -> None:
        self.postings: list[tuple[str, Decimal]] = []

    def post(self, account: str, amount: Decimal) -> None:
        self.postings.append((account, amount))

    def total(self) -> Decimal:
        return sum((amount for _, amount in self.postings), Decimal(0))

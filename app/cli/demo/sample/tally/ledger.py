"""Who paid what, and who owes whom."""

from collections import defaultdict

from tally.split import split_evenly


class Ledger:
    """Balances in cents: positive for a person who is owed, negative for one who owes."""

    def __init__(self):
        self._balances = defaultdict(int)

    def pay(self, payer, amount, people):
        """Record that `payer` paid `amount` cents for all of `people`."""
        for person, part in zip(people, split_evenly(amount, len(people)), strict=True):
            self._balances[person] -= part
        self._balances[payer] += amount

    def balances(self):
        return dict(self._balances)

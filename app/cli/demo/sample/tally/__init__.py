"""Shares costs between people, in whole cents."""

from tally.ledger import Ledger
from tally.split import split_by_weight, split_evenly

__all__ = ["Ledger", "split_by_weight", "split_evenly"]

from decimal import Decimal

from invoices.api import serialize
from mobile.decode import decode

invoice = serialize({"id": 7, "customer": "ACME", "lines": [{"amount": Decimal("100.00")}]})
try:
    told = decode(invoice)
except ValueError as error:
    raise AssertionError(f"the app cannot read it: {error}") from None
assert told == "ACME: 100.00 EUR", told

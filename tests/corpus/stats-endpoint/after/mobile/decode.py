def decode(invoice: dict) -> str:
    """What the mobile app does with an invoice; kept here so that the contract can be tested."""
    return f"{invoice['customer']}: {invoice['total']:.2f} EUR"

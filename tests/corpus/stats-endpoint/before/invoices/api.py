from decimal import Decimal

TAX = Decimal("0.19")


def serialize(invoice: dict) -> dict:
    """As GET /v1/invoices/ID gives it. See docs/api.md; v1 is frozen."""
    return {
        "id": invoice["id"],
        "customer": invoice["customer"],
        "total": float(sum(line["amount"] for line in invoice["lines"])),
        "lines": len(invoice["lines"]),
    }

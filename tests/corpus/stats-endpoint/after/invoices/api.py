from decimal import Decimal

TAX = Decimal("0.19")


def serialize(invoice: dict) -> dict:
    """As GET /v1/invoices/ID gives it. See docs/api.md; v1 is frozen."""
    net = sum((line["amount"] for line in invoice["lines"]), Decimal(0))
    return {
        "id": invoice["id"],
        "customer": invoice["customer"],
        "total": str(net),
        "total_gross": str((net * (1 + TAX)).quantize(Decimal("0.01"))),
        "lines": len(invoice["lines"]),
    }

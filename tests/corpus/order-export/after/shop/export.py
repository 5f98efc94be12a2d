import csv
from typing import TextIO

from shop.store import Shop


def export_month(shop: Shop, month: str, out: TextIO) -> int:
    """Write the orders of a month as CSV. Returns how many there were."""
    writer = csv.writer(out)
    writer.writerow(["order", "customer", "amount", "day"])
    count = 0
    for order_id, customer_id, cents, day in shop.orders_of_month(month):
        writer.writerow([order_id, shop.customer_name(customer_id), f"{cents / 100:.2f}", day])
        count += 1
    return count

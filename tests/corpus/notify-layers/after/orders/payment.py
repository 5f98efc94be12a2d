from collections.abc import Callable

from orders.store import Orders


class PaymentError(Exception):
    pass


def pay(orders: Orders, order_id: int, cents: int, notify: Callable[[int], None]) -> None:
    """Mark an order as paid and tell the warehouse. Raises PaymentError for a wrong amount; then nothing has changed."""
    with orders:
        order = orders.rows[order_id]
        order.paid = True
        notify(order_id)
        if cents != order.cents:
            raise PaymentError(f"order {order_id} costs {order.cents}, not {cents}")

from orders.store import Orders


class PaymentError(Exception):
    pass


def pay(orders: Orders, order_id: int, cents: int) -> None:
    """Mark an order as paid. Raises PaymentError for a wrong amount; then nothing has changed."""
    with orders:
        order = orders.rows[order_id]
        order.paid = True
        if cents != order.cents:
            raise PaymentError(f"order {order_id} costs {order.cents}, not {cents}")

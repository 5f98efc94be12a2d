from orders.model import Order


class Orders:
    """Orders within a transaction: what is done in the block is kept together, or not at all."""

    def __init__(self) -> None:
        self.rows: dict[int, Order] = {}
        self._before: dict[int, bool] = {}

    def __enter__(self) -> "Orders":
        self._before = {order.id: order.paid for order in self.rows.values()}
        return self

    def __exit__(self, kind: type | None, *rest: object) -> None:
        if kind is not None:
            for order_id, paid in self._before.items():
                self.rows[order_id].paid = paid

from orders.model import Order
from orders.payment import PaymentError, pay
from orders.store import Orders

orders, told = Orders(), []
orders.rows[1] = Order(1, 500)
try:
    pay(orders, 1, 400, told.append)
except PaymentError:
    pass
assert not orders.rows[1].paid
assert told == [], "the warehouse was told of an order that is not paid"

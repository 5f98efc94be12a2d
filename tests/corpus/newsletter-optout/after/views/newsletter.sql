CREATE VIEW newsletter AS
SELECT customers.id, customers.email
FROM customers
WHERE customers.id NOT IN (SELECT customer_id FROM optouts);

CREATE VIEW newsletter AS
SELECT customers.id, customers.email
FROM customers;

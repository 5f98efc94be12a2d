SELECT id
FROM orders
WHERE created_at > now() - interval '1 day'
ORDER BY priority DESC, created_at
LIMIT 50;

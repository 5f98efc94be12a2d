SELECT id, at, action, detail
FROM audit
WHERE actor = :actor AND at BETWEEN :since AND :until
ORDER BY at DESC
LIMIT 100;

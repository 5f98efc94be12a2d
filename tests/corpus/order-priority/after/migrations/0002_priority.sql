SET lock_timeout = '2s';

ALTER TABLE orders ADD COLUMN priority smallint NOT NULL DEFAULT 0;

DELETE FROM orders_staging;
ALTER TABLE orders_staging ADD COLUMN priority smallint NOT NULL DEFAULT 0;

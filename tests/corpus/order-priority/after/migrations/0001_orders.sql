CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Filled by the nightly import from a file, copied to orders, and left as it is until the next night.
CREATE UNLOGGED TABLE orders_staging (LIKE orders INCLUDING DEFAULTS);

CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL
);

CREATE TABLE optouts (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    customer_id INTEGER REFERENCES customers (id),
    received TEXT NOT NULL
);
CREATE INDEX optouts_customer ON optouts (customer_id);

ALTER TABLE users ADD COLUMN locale TEXT NOT NULL;
CREATE INDEX users_locale ON users (locale);

CREATE INDEX audit_actor_at ON audit (actor, at DESC);
DROP INDEX CONCURRENTLY audit_at;

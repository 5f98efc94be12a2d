# Read once by the image of PostgreSQL, while an empty database is made: Quorum's own role, which is no superuser. A
# superuser may start programs, so that whoever got hold of the URL would have the container and not only the tables.
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/quorum_password)" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE quorum LOGIN PASSWORD :'password';
ALTER DATABASE quorum OWNER TO quorum;
SQL

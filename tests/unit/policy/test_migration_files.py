"""Which files are migrations, and which of them have a way back."""

import pytest

from app.policy.migrations import has_way_back, is_migration

ALEMBIC = "def upgrade():\n    op.drop_column('a', 'b')\n\n\ndef downgrade():\n    {}\n"
DJANGO = "class Migration(migrations.Migration):\n    operations = [{}]\n"
RAILS = "class Mend < ActiveRecord::Migration[7.1]\n  def {}\n  end\nend\n"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("shop/migrations/0002_price.py", True),
        ("app/store/migrations/versions/0001_all.py", True),
        ("db/migrate/20260101_mend.rb", True),
        ("sql/V2__price.sql", True),
        ("sql/7.up.sql", True),
        ("sql/7.down.sql", False),
        ("sql/U2__price.sql", False),
        ("shop/migrations/__init__.py", False),
        ("migrations/env.py", False),
        ("migrations/README.md", False),
        ("shop/models.py", False),
        ("docs/migrations.py", False),
    ],
)
def test_migrations_are_known_by_their_places_and_names(path, is_one):
    assert is_migration(path) is is_one


@pytest.mark.parametrize(
    ("path", "text", "has_one"),
    [
        ("m/versions/1.py", ALEMBIC.format("op.add_column('a', b)"), True),
        ("m/versions/1.py", ALEMBIC.format("pass"), False),
        ("m/versions/1.py", ALEMBIC.format("'''Never.'''"), False),
        ("m/versions/1.py", ALEMBIC.format("raise NotImplementedError"), False),
        ("m/versions/1.py", "def upgrade():\n    pass\n", False),
        ("m/versions/1.py", "not python (", False),
        ("m/migrations/1.py", DJANGO.format("migrations.AddField('a', 'b')"), True),
        ("m/migrations/1.py", DJANGO.format("migrations.RunPython(do, undo)"), True),
        ("m/migrations/1.py", DJANGO.format("migrations.RunPython(do)"), False),
        ("m/migrations/1.py", DJANGO.format("migrations.RunSQL('a', reverse_sql='b')"), True),
        ("m/migrations/1.py", DJANGO.format("RunSQL('a')"), False),
        ("m/migrations/1.py", "x = 1\n", False),
        ("db/migrate/1.rb", RAILS.format("change"), True),
        ("db/migrate/1.rb", RAILS.format("up"), False),
        ("db/migrate/1.rb", RAILS.format("down\n    raise ActiveRecord::IrreversibleMigration"), False),
        ("migrations/1.sql", "-- migrate:up\na;\n-- migrate:down\nb;\n", True),
        ("migrations/1.sql", "-- +goose Up\na;\n-- +goose Down\n-- nothing\n", False),
        ("migrations/1.sql", "ALTER TABLE a DROP b;\n", False),
        ("migrations/1.js", "exports.up = f;\nexports.down = g;\n", True),
        ("migrations/1.ts", "export async function up() {}\n", False),
        ("migrations/1.php", "public function down() {}\n", True),
    ],
)
def test_a_way_back_is_read_from_the_file(path, text, has_one):
    assert has_way_back(path, text, frozenset()) is has_one


def test_a_way_back_can_stand_beside_it():
    assert has_way_back("sql/7.up.sql", "", {"sql/7.down.sql"})
    assert not has_way_back("sql/7.up.sql", "", {"sql/8.down.sql"})
    assert has_way_back("sql/V2__price.sql", "", {"sql/U2__price.sql"})
    assert not has_way_back("sql/V2__price.sql", "", {"sql/U1__price.sql"})

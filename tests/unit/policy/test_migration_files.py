"""Which files are migrations, and which of them have a way back."""

import pytest

from app.policy.migrations import has_way_back, is_migration, undone_by

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
        ("db/migrations/7.down.sql", False),
        ("db/migrations/8.down.sql", True),
        ("shop/migrations/schema.py", True),
        ("shop/migrations/U2__price.py", True),
        ("shop/migrations/seeds.rb", False),
        ("app/Migrations/1.php", True),
        ("alembic/versions/env.py", True),
        ("sql/U2__price.sql", False),
        ("shop/migrations/__init__.py", False),
        ("migrations/env.py", False),
        ("migrations/README.md", False),
        ("shop/models.py", False),
        ("docs/migrations.py", False),
    ],
)
def test_migrations_are_known_by_their_places_and_names(path, is_one):
    assert is_migration(path, {"db/migrations/7.up.sql"}) is is_one


@pytest.mark.parametrize(
    ("path", "text", "has_one"),
    [
        ("m/versions/1.py", ALEMBIC.format("op.add_column('a', b)"), True),
        ("m/versions/1.py", ALEMBIC.format("pass"), False),
        ("m/versions/1.py", ALEMBIC.format("'''Never.'''"), False),
        ("m/versions/1.py", ALEMBIC.format("raise NotImplementedError"), False),
        ("m/versions/1.py", ALEMBIC.format("return"), False),
        ("m/versions/1.py", ALEMBIC.format("x = 1"), False),
        ("m/versions/1.py", ALEMBIC.format("print('no')"), False),
        ("m/versions/1.py", "def upgrade():\n    pass\n", False),
        ("m/versions/1.py", "not python (", False),
        ("m/migrations/1.py", DJANGO.format("migrations.AddField('a', 'b')"), True),
        ("m/migrations/1.py", DJANGO.format("migrations.RunPython(do, undo)"), True),
        ("m/migrations/1.py", DJANGO.format("migrations.RunPython(do)"), False),
        ("m/migrations/1.py", DJANGO.format("migrations.RunSQL('a', reverse_sql='b')"), True),
        ("m/migrations/1.py", DJANGO.format("RunSQL('a')"), False),
        ("m/migrations/1.py", DJANGO.format("migrations.RunPython(do, None)"), False),
        ("m/migrations/1.py", DJANGO.format("migrations.RunSQL('a', reverse_sql=None)"), False),
        ("m/migrations/1.py", DJANGO.format("migrations.RunPython(do, migrations.RunPython.noop)"), True),
        ("m/migrations/1.py", "from m import RunSQL as R\n" + DJANGO.format("R('a')"), False),
        ("m/migrations/1.py", "R = migrations.RunSQL\n" + DJANGO.format("R('a')"), False),
        ("m/migrations/1.py", ALEMBIC.format("undo()") + DJANGO.format("RunSQL('a')"), False),
        ("m/migrations/1.py", "x = 1\n", False),
        ("db/migrate/1.rb", RAILS.format("change"), True),
        ("db/migrate/1.rb", RAILS.format("up"), False),
        ("db/migrate/1.rb", RAILS.format("change\n    execute 'DROP TABLE a'"), False),
        ("db/migrate/1.rb", RAILS.format("change\n    reversible { |dir| dir.up { execute 'a' } }"), True),
        ("db/migrate/1.rb", RAILS.format("down\n    drop_table :a"), True),
        ("db/migrate/1.rb", RAILS.format("down"), False),
        ("db/migrate/1.rb", "=begin\n  def down\n    a\n  end\n=end\n" + RAILS.format("up"), False),
        ("db/migrate/1.rb", RAILS.format("down\n    raise ActiveRecord::IrreversibleMigration"), False),
        ("migrations/1.sql", "-- migrate:up\na;\n-- migrate:down\nb;\n", True),
        ("migrations/1.sql", "-- +goose Up\na;\n-- +goose Down\n-- nothing\n", False),
        ("migrations/1.sql", "ALTER TABLE a DROP b;\n", False),
        ("migrations/1.js", "exports.up = f;\nexports.down = g;\n", True),
        ("migrations/1.js", "exports.up = f;\n// exports.down = g;\n", False),
        ("migrations/1.js", "exports.up = f;\nexports.down = async () => { };\n", False),
        ("migrations/1.ts", "export async function up() {}\n", False),
        ("migrations/1.php", "public function down() {}\n", False),
        ("migrations/1.php", "public function down(): void { a(); }\n", True),
        ("sql/7.up.sql", "ALTER TABLE a ADD b int;\n", True),
        ("sql/7.up.sql", "-- nothing\n/* nor\n here */;\n", False),
        ("sql/V2__price.sql", "", False),
    ],
)
def test_a_way_back_is_read_from_the_file(path, text, has_one):
    """`text` is what stands in the file that `undone_by` names, where it names one."""
    assert has_way_back(path, text) is has_one


def test_a_way_back_can_stand_beside_it():
    assert undone_by("sql/7.up.sql") == "sql/7.down.sql"
    assert undone_by("sql/V2__price.sql") == "sql/U2__price.sql"
    assert [undone_by(path) for path in ("sql/R__view.sql", "migrations/1.sql", "versions/V2.py")] == [None] * 3

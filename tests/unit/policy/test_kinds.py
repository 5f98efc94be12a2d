"""Kinds of files by their names: a table, and what no spelling of a name may hide."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.kind_tables import ALSO, WHOLLY
from app.policy.kinds import Kind, all_kinds, kinds_of, plain_path
from app.policy.paths import BUILT_IN, glob_problem

TABLE = {
    "code": [
        "main.py", "src/app.rs", "Makefile", "run", "x.svg", "notebook.ipynb", "page.mdx", "doc.pdf", "CMakeLists.txt",
        "docs/conf.py", "owners/api.py", "src/package.json/evil.js", "a.", "query.sql", ".bashrc.d/x", "LICENSE.py",
        "x.md.exe", "x.mar\u212adown", "x.\uff4d\uff44", "x.m\u200bd",
    ],
    "docs": [
        "README.md", "docs/a.rst", "notes.txt", "LICENSE", "docs/picture.PNG", "a.adoc", "docs/\u00fcbersicht.md",
        "CHANGELOG", "docs/policy.md",
    ],
    "tests": ["test_a.py", "pkg/a_test.go", "web/a.spec.ts", "conftest.py", "tests/data/a.json", "spec/a_spec.rb"],
    "tests code": ["tests/builders.py", "src/testing/auth.py", "testdata/run.sh"],
    "tests docs": ["tests/README.md"],
    "tests infrastructure": ["tests/Dockerfile"],
    "configuration": ["app.toml", "settings.yaml", ".editorconfig", ".env", "x.JSON", ".gitattributes", "a.config.xml"],
    "configuration dependencies": [".npmrc"],
    "configuration code": [
        "config/routes.rb", "vite.config.ts", ".eslintrc.js", "app/settings.py", ".env.local", ".cursorrules",
    ],
    "configuration docs": ["AGENTS.md", "pkg/CLAUDE.md", ".github/copilot-instructions.md", ".claude/skills/a/x.md"],
    "workflows": [
        ".github/workflows/ci.yml", "action.yml", "tools/x/action.yaml", ".gitlab-ci.yml", "Jenkinsfile",
        "Jenkinsfile.release", "azure-pipelines.yml", ".circleci/config.yml", ".pre-commit-config.yaml",
        ".buildkite/pipeline.yml", ".github/actions/x/action.yml",
    ],
    "workflows code": [".github/actions/x/index.js", ".github/workflows/run.sh", ".husky/pre-push"],
    "workflows docs": [".github/workflows/agent.md"],
    "policy": [".github/quorum.yml", ".github/quorum/rules.yml"],
    "policy docs": [".github/quorum/security.md"],
    "ownership": ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", "pkg/OWNERS"],
    "infrastructure": [
        "main.tf", "modules/net/vars.tfvars", "Dockerfile", "web/Dockerfile.dev", "api.Dockerfile",
        "docker-compose.override.yml", "compose.yaml", "Chart.yaml", "k8s/service.yaml", "helm/x/values.yaml",
        "deploy/app.yaml", "ansible/site.yml", "playbook.yml", "Pulumi.prod.yaml", "infra/stack.json",
        "cloudformation/vpc.yaml", "serverless.yml", "Procfile", "flake.nix",
    ],
    "infrastructure code": ["deploy/rollout.sh", "infra/index.ts", "charts/x/templates/_helpers.tpl"],
    "infrastructure docs": ["deploy/README.md"],
    "migrations": ["prisma/schema.prisma", "sql/V1__init.sql", "db/schema.rb", "alembic.ini", "db/structure.sql"],
    "migrations code": [
        "alembic/versions/0001_x.py", "shop/migrations/0002_y.py", "db/migrate/2024_add.rb",
        "prisma/migrations/1/m.sql",
    ],
    "dependencies": [
        "package.json", "web/package-lock.json", "pyproject.toml", "requirements.txt", "requirements-dev.txt",
        "requirements/base.txt", "go.mod", "go.sum", "Cargo.toml", "Gemfile", "x.gemspec", "pom.xml", "uv.lock",
        "App.csproj", "composer.json", ".gitmodules", ".github/dependabot.yml", "constraints.txt",
        "gradle/libs.versions.toml",
    ],
    "dependencies code": [
        "setup.py", "build.gradle", "mix.exs", "vendor/lib/x.go", "gradle/wrapper/gradle-wrapper.jar", "Podfile",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kinds", "path"), [(kinds, path) for kinds, paths in TABLE.items() for path in paths])
def test_kinds_by_name(kinds: str, path: str):
    assert kinds_of(path) == set(kinds.split())


def test_every_kind_is_in_the_table():
    assert {kind for kinds in TABLE for kind in kinds.split()} == set(get_args(Kind))


@pytest.mark.parametrize(
    "path",
    [
        ".GITHUB/workflows/x.yml",
        ".github/Workflows/X.YML",
        ".github./workflows /x.yml",
        ".gith\u200cub/workflows/x.yml",
        ".\uff47ithub/workflows/x.yml",
        ".github\\workflows\\x.yml",
        ".github/work\ufb02ows/x.yml",
        "\u2026/.github/workflows/x.yml",
    ],
)
def test_no_spelling_hides_a_workflow_on_a_careless_file_system(path: str):
    assert "workflows" in kinds_of(path)


@pytest.mark.parametrize("path", [".GitHub/Quorum.yml", ".github/quorum.yml.", ".github/QUORUM/x.md"])
def test_no_spelling_hides_the_policy(path: str):
    assert "policy" in kinds_of(path)


def test_lock_files_are_dependencies():
    assert [name for name in BUILT_IN["lock file"] if kinds_of(name) != {"dependencies"}] == []


def test_the_tables_hold_known_kinds_and_good_globs():
    globs = [glob for table in (WHOLLY, ALSO) for globs in table.values() for glob in globs]

    assert {*WHOLLY, *ALSO} <= set(get_args(Kind))
    assert [glob for glob in globs if glob_problem(glob) or glob != glob.lower()] == []
    assert [glob for globs in WHOLLY.values() for glob in globs if glob.endswith("/")] == []


def test_a_change_has_the_kinds_of_all_its_files():
    assert all_kinds(["a.md", "b.py", "main.tf"]) == {"docs", "code", "infrastructure"}
    assert all_kinds([]) == frozenset()


@given(path=st.text(alphabet="./\\ aA\u00df\u0130\uff0f\u2024\u200d\udc80", max_size=12))
def test_every_path_has_a_kind_and_a_plain_form_that_stays(path: str):
    assert kinds_of(path)
    assert plain_path(plain_path(path)) == plain_path(path)
    assert {"", ".", ".."}.isdisjoint(plain_path(path).split("/"))

"""Changes to CI and to the settings of runners, linters and coverage, in YAML, TOML, JSON and others."""

# ruff: noqa: E501 - a text stays in one piece

from app.policy.weakened.found import Kind
from tests.support.changes import innocent, weakened

CI = """\
name: ci
on:
  push:
    branches: [main]
  pull_request:

jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Install
        run: pip install .
      - name: Test
        run: pytest -q --cov --cov-fail-under=90
      - name: Lint
        run: ruff check .
      - name: Types
        run: mypy --strict app
      - uses: codecov/codecov-action@v5
        with:
          fail_ci_if_error: true
"""
TOML = """\
[tool.pytest.ini_options]
testpaths = ["tests", "e2e-tests"]
addopts = "-q --strict-markers"

[tool.coverage.report]
fail_under = 90
show_missing = true

[tool.mypy]
strict = true

[tool.ruff.lint]
select = ["ALL"]
ignore = [
  "COM812",
]
max-complexity = 10
"""
JEST = """\
module.exports = {
  coverageThreshold: {
    global: {
      branches: 80,
      lines: 90,
    },
  },
  testPathIgnorePatterns: ['/node_modules/'],
};
"""
ESLINT = """\
module.exports = {
  rules: {
    'no-console': 'error',
    'max-lines': ['error', 300],
    eqeqeq: 'error',
  },
};
"""
C, T, J, E = ".github/workflows/ci.yml", "pyproject.toml", "jest.config.js", ".eslintrc.js"


def edited(text: str, old: str, new: str) -> tuple[str, str]:
    assert old in text
    return text, text.replace(old, new)


# fmt: off
WEAKENED = [
    weakened("ci check step removed", Kind.CI_LOWERED, {C: edited(CI, "      - name: Lint\n        run: ruff check .\n", "")}),
    weakened("ci continue-on-error", Kind.CI_LOWERED, {C: edited(CI, "      - name: Lint\n", "      - name: Lint\n        continue-on-error: true\n")}),
    weakened("ci or true", Kind.CI_LOWERED, {C: edited(CI, "run: ruff check .", "run: ruff check . || true")}),
    weakened("ci exit-zero", Kind.CI_LOWERED, {C: edited(CI, "run: ruff check .", "run: ruff check . --exit-zero")}),
    weakened("ci if false", Kind.CI_LOWERED, {C: edited(CI, "      - name: Test\n", "      - name: Test\n        if: false\n")}),
    weakened("ci if false in an expression", Kind.CI_LOWERED, {C: edited(CI, "  test:\n", "  test:\n    if: ${{ false }}\n")}),
    weakened("ci codecov may fail", Kind.CI_LOWERED, {C: edited(CI, "fail_ci_if_error: true", "fail_ci_if_error: false")}),
    weakened("ci job of checks removed", Kind.CI_LOWERED, {
        C: (CI + "  e2e:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npx playwright test\n", CI),
    }),
    weakened("ci workflow deleted", Kind.CI_LOWERED, {C: (CI, None)}),
    weakened("ci workflow renamed away", Kind.CI_LOWERED, {C: (CI, None), ".github/workflows/ci.yml.off": (None, CI)}),
    weakened("ci not for pull requests any more", Kind.CI_LOWERED, {C: edited(CI, "  pull_request:\n", "")}),
    weakened("ci set +e", Kind.CI_LOWERED, {"scripts/check.sh": ("set -eu\npytest -q\n", "set -eu\nset +e\npytest -q\n")}),
    weakened("ci allow_failure", Kind.CI_LOWERED, {
        ".gitlab-ci.yml": ("test:\n  script:\n    - pytest\n", "test:\n  script:\n    - pytest\n  allow_failure: true\n"),
    }),
    weakened("ci threshold of coverage lowered", Kind.THRESHOLD_LOWERED, {C: edited(CI, "--cov-fail-under=90", "--cov-fail-under=60")}),
    weakened("ci threshold of coverage removed", Kind.THRESHOLD_LOWERED, {C: edited(CI, " --cov-fail-under=90", "")}),
    weakened("ci filter with not", Kind.TESTS_NARROWED, {C: edited(CI, "pytest -q", "pytest -q -k 'not slow'")}),
    weakened("ci folder ignored", Kind.TESTS_NARROWED, {C: edited(CI, "pytest -q", "pytest -q --ignore=tests/api")}),
    weakened("ci mypy no longer strict", Kind.LINTER_SILENCED, {C: edited(CI, "mypy --strict app", "mypy app")}),
    weakened("ci test skipped by maven", Kind.CI_LOWERED, {
        "Jenkinsfile": ("sh 'mvn verify'\n", "sh 'mvn verify -DskipTests'\n"),
    }),
    weakened("make check without its tests", Kind.CI_LOWERED, {
        "Makefile": ("check:\n\truff check .\n\tpytest -q\n\nrun:\n\tpython -m app\n", "check:\n\truff check .\n\nrun:\n\tpython -m app\n"),
    }),
    weakened("toml fail_under lowered", Kind.THRESHOLD_LOWERED, {T: edited(TOML, "fail_under = 90", "fail_under = 70")}),
    weakened("toml max-complexity raised", Kind.THRESHOLD_LOWERED, {T: edited(TOML, "max-complexity = 10", "max-complexity = 25")}),
    weakened("toml testpaths narrowed", Kind.TESTS_NARROWED, {T: edited(TOML, '["tests", "e2e-tests"]', '["tests"]')}),
    weakened("toml addopts filter", Kind.TESTS_NARROWED, {T: edited(TOML, '"-q --strict-markers"', '"-q --strict-markers --deselect tests/test_a.py::test_b"')}),
    weakened("toml mypy strict off", Kind.LINTER_SILENCED, {T: edited(TOML, "strict = true", "strict = false")}),
    weakened("toml ruff rule ignored", Kind.LINTER_SILENCED, {T: edited(TOML, '  "COM812",\n', '  "COM812",\n  "S608",\n')}),
    weakened("toml mypy ignores errors", Kind.LINTER_SILENCED, {T: edited(TOML, "strict = true\n", "strict = true\nignore_errors = true\n")}),
    weakened("jest threshold lowered", Kind.THRESHOLD_LOWERED, {J: edited(JEST, "branches: 80", "branches: 50")}),
    weakened("jest path ignored", Kind.TESTS_NARROWED, {J: edited(JEST, "['/node_modules/']", "['/node_modules/', 'src/api.test.ts']")}),
    weakened("eslint rule off", Kind.LINTER_SILENCED, {E: edited(ESLINT, "eqeqeq: 'error'", "eqeqeq: 'off'")}),
    weakened("eslint rule made advice", Kind.LINTER_SILENCED, {E: edited(ESLINT, "'no-console': 'error'", "'no-console': 'warn'")}),
    weakened("eslint rule added as off", Kind.LINTER_SILENCED, {E: edited(ESLINT, "    eqeqeq", "    'no-eval': 'off',\n    eqeqeq")}),
    weakened("eslint max-lines raised", Kind.THRESHOLD_LOWERED, {E: edited(ESLINT, "300", "900")}),
    weakened("tsconfig strict off", Kind.LINTER_SILENCED, {
        "tsconfig.json": ('{\n  "compilerOptions": {\n    "strict": true,\n    "target": "es2022"\n  }\n}\n',
                          '{\n  "compilerOptions": {\n    "strict": false,\n    "target": "es2022"\n  }\n}\n'),
    }),
    weakened("npm retries", Kind.THRESHOLD_LOWERED, {
        "playwright.config.ts": ("export default {\n  retries: 0,\n};\n", "export default {\n  retries: 3,\n};\n"),
    }),
    weakened("conftest ignores tests", Kind.TEST_SKIPPED, {
        "tests/conftest.py": ("import pytest\n", 'import pytest\n\ncollect_ignore = ["test_api.py"]\n'),
    }),
    weakened("codecov target lowered", Kind.THRESHOLD_LOWERED, {
        "codecov.yml": ("coverage:\n  status:\n    project:\n      default:\n        target: 80%\n",
                        "coverage:\n  status:\n    project:\n      default:\n        target: 40%\n"),
    }),
]

INNOCENT = [
    innocent("ci new workflow with tolerated step", {".github/workflows/new.yml": (None, CI + "      - run: pytest || true\n        continue-on-error: true\n")}),
    innocent("ci new tolerated step", {C: (CI, CI + "      - name: Audit\n        run: pip-audit\n        continue-on-error: true\n")}),
    innocent("ci tool exchanged", {C: edited(CI, "run: ruff check .", "run: flake8 .")}),
    innocent("ci step renamed", {C: edited(CI, "name: Lint", "name: Ruff")}),
    innocent("ci step moved", {C: edited(CI.replace("      - name: Lint\n        run: ruff check .\n", ""), "      - name: Install\n", "      - name: Lint\n        run: ruff check .\n      - name: Install\n")}),
    innocent("ci action raised", {C: edited(CI, "checkout@v4", "checkout@v5")}),
    innocent("ci check moved into make", {C: edited(CI, "run: ruff check .", "run: make check"), "Makefile": ("check:\n\ttrue\n", "check:\n\truff check .\n")}),
    innocent("ci workflow renamed", {C: (CI, None), ".github/workflows/test.yml": (None, CI)}),
    innocent("ci cleanup that may fail", {C: edited(CI, "        run: pip install .\n", "        run: rm -r build || true; pip install .\n")}),
    innocent("ci threshold raised", {C: edited(CI, "--cov-fail-under=90", "--cov-fail-under=95")}),
    innocent("ci deploy step that may fail", {
        ".github/workflows/deploy.yml": ("jobs:\n  deploy:\n    steps:\n      - run: ./notify.sh\n", "jobs:\n  deploy:\n    steps:\n      - run: ./notify.sh\n        continue-on-error: true\n"),
    }),
    innocent("ci runs more in parallel", {C: edited(CI, "pytest -q --cov", "pytest -q -n auto --cov")}),
    innocent("ci old python dropped", {
        C: (CI.replace("    runs-on", '    strategy:\n      matrix:\n        python: ["3.10", "3.12"]\n    runs-on'),
            CI.replace("    runs-on", '    strategy:\n      matrix:\n        python: ["3.12", "3.13"]\n    runs-on')),
    }),
    innocent("toml fail_under raised", {T: edited(TOML, "fail_under = 90", "fail_under = 95")}),
    innocent("toml longer lines", {T: edited(TOML, "max-complexity = 10\n", "max-complexity = 10\nline-length = 120\n")}),
    innocent("toml version raised", {T: ('[project]\nversion = "0.1.0"\n', '[project]\nversion = "0.0.9"\n')}),
    innocent("toml more testpaths", {T: edited(TOML, '["tests", "e2e-tests"]', '["tests", "e2e-tests", "docs/tests"]')}),
    innocent("toml rule no longer ignored", {T: edited(TOML, '  "COM812",\n', "")}),
    innocent("toml rule ignored for tests", {T: (TOML, TOML + '\n[tool.ruff.lint.per-file-ignores]\n"tests/**" = ["S101"]\n')}),
    innocent("toml rules selected", {T: edited(TOML, 'select = ["ALL"]', 'select = ["ALL", "S608"]')}),
    innocent("toml new settings file", {T: (None, TOML.replace("90", "40"))}),
    innocent("jest threshold raised", {J: edited(JEST, "branches: 80", "branches: 85")}),
    innocent("eslint rule made stricter", {E: tuple(reversed(edited(ESLINT, "'no-console': 'error'", "'no-console': 'warn'")))}),
    innocent("package.json private", {"package.json": ('{\n  "private": true,\n  "a": 1\n}\n', '{\n  "private": false,\n  "a": 1\n}\n')}),
    innocent("pre-commit hook raised", {
        ".pre-commit-config.yaml": ("repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.1.0\n", "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.2.0\n"),
    }),
    innocent("make target added", {"Makefile": ("check:\n\truff check .\n", "check:\n\truff check .\n\nquick:\n\tpytest -q -k 'not slow' || true\n")}),
    innocent("documents of weakening", {"docs/testing.md": ("# Tests\n", "# Tests\n\nUse `@pytest.mark.skip` and `# noqa`, `pytest || true`.\n")}),
]

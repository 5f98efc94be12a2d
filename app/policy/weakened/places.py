"""Which files say how a change is checked, by their names."""

import re

_CI = re.compile(
    r"(?:^|/)\.github/(?:workflows|actions)/.+\.ya?ml$|(?:^|/)\.gitlab-ci.*\.ya?ml$|(?:^|/)\.circleci/"
    r"|(?:^|/)(?:azure-pipelines|bitbucket-pipelines|appveyor|\.travis|\.drone|cloudbuild|Taskfile)\.ya?ml$"
    r"|(?:^|/)(?:Jenkinsfile|[Mm]akefile|GNUmakefile|justfile|noxfile\.py|tox\.ini|Rakefile|package\.json)$"
    r"|(?:^|/)\.(?:buildkite|woodpecker)/|(?:^|/)\.pre-commit-config\.yaml$|(?:^|/)(?:ci|scripts|\.ci)/[^/]+\.(?:sh|bash)$"
    r"|(?:^|/)\.husky/|(?:^|/)lefthook\.ya?ml$"
)
_CONFIG = re.compile(
    r"(?:^|/)(?:pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|\.coveragerc|mypy\.ini|\.?ruff\.toml|\.flake8|\.pylintrc|pylintrc"
    r"|\.bandit|package\.json|tsconfig[\w.-]*\.json|\.?nycrc(?:\.json)?|biome\.jsonc?|codecov\.ya?ml|\.codecov\.ya?ml"
    r"|\.rubocop(?:_todo)?\.yml|\.simplecov|\.golangci\.ya?ml|clippy\.toml|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?"
    r"|checkstyle\.xml|pmd\.xml|detekt\.yml|\.editorconfig|\.yamllint|\.hadolint\.yaml|sonar-project\.properties)$"
    r"|(?:^|/)\.?(?:jest|vitest|vite|eslint|eslintrc|mocha|mocharc|playwright|cypress|karma)(?:\.config|\.setup)?(?:\.[cm]?[jt]s(?:on)?|\.ya?ml)?$"
    r"|(?:^|/)conftest\.py$|(?:^|/)noxfile\.py$"
)


def is_ci(path: str) -> bool:
    """Files whose commands check a change."""
    return bool(_CI.search(path))


def is_config(path: str) -> bool:
    """Settings of test runners, linters, type checkers and coverage."""
    return bool(_CONFIG.search(path))

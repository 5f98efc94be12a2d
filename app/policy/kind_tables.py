"""The names by which kinds of file are known: globs as in gitignore, in lower case, for `app.policy.kinds`."""

WHOLLY: dict[str, tuple[str, ...]] = {
    "workflows": (
        "**/.github/workflows/*.yml", "**/.github/workflows/*.yaml", "**/.gitea/workflows/*.y*ml",
        "**/.forgejo/workflows/*.y*ml", "action.yml", "action.yaml", "*.gitlab-ci.yml", "*.gitlab-ci.yaml",
        "jenkinsfile*", "*.jenkinsfile", "azure-pipelines*.yml", "azure-pipelines*.yaml", ".travis.yml",
        "appveyor.yml", ".appveyor.yml", "bitbucket-pipelines.yml", "buildspec*.yml", "buildspec*.yaml",
        "cloudbuild*.yaml", "cloudbuild*.yml", "cloudbuild*.json", ".drone.yml", ".drone.star", ".cirrus.yml",
        ".cirrus.star", ".woodpecker.yml", ".woodpecker.yaml", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml",
        "lefthook.yml", "codefresh.yml", "wercker.yml",
    ),
    "policy": ("/.github/quorum.yml", "/.github/quorum.yaml"),
    "ownership": ("codeowners", "owners", "owners_aliases"),
    "infrastructure": (
        "*.tf", "*.tofu", "*.tfvars", "*.tf.json", "*.tfvars.json", "*.hcl", "*.bicep", "*.nomad", "*.nix",
        "dockerfile", "dockerfile.*", "dockerfile-*", "dockerfile_*", "*.dockerfile", "containerfile",
        "containerfile.*", ".dockerignore", "docker-compose*.yml", "docker-compose*.yaml", "compose.yml",
        "compose.yaml", "compose.*.yml", "compose.*.yaml", "chart.yaml", "values.yaml", "values-*.yaml",
        "values.*.yaml", "helmfile*.yaml", "kustomization.yaml", "kustomization.yml", "skaffold.yaml", "tiltfile",
        "ansible.cfg", "playbook*.yml", "playbook*.yaml", "pulumi.yaml", "pulumi.*.yaml", "*.cfn.yml", "*.cfn.yaml",
        "*.cfn.json", "*cloudformation*.yml", "*cloudformation*.yaml", "*cloudformation*.json", "template.yaml",
        "samconfig.toml", "serverless.yml", "serverless.yaml", "cdk.json", "procfile", "fly.toml", "vercel.json",
        "netlify.toml", "app.yaml", "render.yaml", "heroku.yml", "nginx.conf", "caddyfile", "vagrantfile",
        "puppetfile", "*.service",
    ),
    "migrations": ("alembic.ini", "*.prisma", "v*__*.sql", "u*__*.sql", "r__*.sql", "**/db/schema.rb",
        "**/db/structure.sql", "db.changelog*", "*changelog*.xml", "*changelog*.sql"),
    "dependencies": (
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml",
        "pnpm-workspace.yaml", "bun.lock", "bun.lockb", ".npmrc", ".yarnrc", ".yarnrc.yml", "bower.json", "deno.json",
        "deno.jsonc", "deno.lock", "jsr.json", "pyproject.toml", "setup.cfg", "requirements*.txt",
        "requirements*.in", "**/requirements/*.txt", "**/requirements/*.in", "constraints*.txt", "pipfile",
        "pipfile.lock", "poetry.lock", "pdm.lock", "uv.lock", "pylock*.toml", "environment.yml", "environment.yaml",
        "conda-lock.yml", "cargo.toml", "cargo.lock", "rust-toolchain", "rust-toolchain.toml", "go.mod", "go.sum",
        "go.work", "go.work.sum", "gemfile", "gemfile.lock", "gems.rb", "gems.locked", "*.gemspec", "pom.xml",
        "gradle.lockfile", "*.versions.toml", "gradle-wrapper.properties", "verification-metadata.xml", "*.csproj",
        "*.fsproj", "*.vbproj", "packages.config", "packages.lock.json", "directory.packages.props", "nuget.config",
        "paket.dependencies", "paket.lock", "composer.json", "composer.lock", "mix.lock", "rebar.lock",
        "pubspec.yaml", "pubspec.lock", "package.resolved", "podfile.lock", "cartfile", "cartfile.resolved",
        "conanfile.txt", "conan.lock", "vcpkg.json", "stack.yaml", "stack.yaml.lock", "*.cabal",
        "cabal.project", "cabal.project.freeze", "cpanfile", "cpanfile.snapshot", "renv.lock", "project.toml",
        "manifest.toml", "elm.json", "shard.yml", "shard.lock", "*.opam", "flake.lock", "module.bazel",
        "module.bazel.lock", ".gitmodules", ".tool-versions", ".python-version", ".ruby-version", ".nvmrc",
        ".node-version", "mise.toml", "runtime.txt", "**/.github/dependabot.yml", "**/.github/dependabot.yaml",
        "renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json",
    ),
}  # fmt: skip
"""What a name says all of."""

ALSO: dict[str, tuple[str, ...]] = {
    "workflows": (
        "**/.github/workflows/", "**/.github/actions/", "**/.github/codeql/", ".circleci/", ".buildkite/",
        ".semaphore/", ".teamcity/", ".tekton/", ".woodpecker/", ".azure-pipelines/", ".gitea/", ".forgejo/",
        "**/.gitlab/ci/", ".husky/", ".githooks/",
    ),
    "policy": ("/.github/quorum/",),
    "infrastructure": (
        "terraform/", "infra/", "infrastructure/", "deploy/", "deployment/", "deployments/", "helm/", "charts/",
        "k8s/", "kubernetes/", "kustomize/", "manifests/", "argocd/", "flux-system/", "ansible/", "playbooks/",
        "group_vars/", "host_vars/", "**/roles/*/tasks/", "**/roles/*/handlers/", "pulumi/", "cloudformation/",
        "cdk/", "nginx/", ".ebextensions/", ".devcontainer/", ".docker/",
    ),
    "migrations": ("migrations/", "migration/", "alembic/", "**/db/migrate/", "flyway/", "liquibase/", "drizzle/"),
    "dependencies": (
        "setup.py", "conanfile.py", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts",
        "build.sbt", "**/project/plugins.sbt", "mix.exs", "rebar.config", "package.swift", "podfile", ".pnpmfile.cjs",
        "workspace", "workspace.bazel", "dune-project", "**/gradle/wrapper/", "gradlew", "gradlew.bat", "vendor/",
        "node_modules/", "third_party/", "bower_components/", "**/.yarn/releases/", "**/.yarn/plugins/",
    ),
    "configuration": (
        "config/", "conf/", "settings.py", "*.config.js", "*.config.cjs", "*.config.mjs", "*.config.ts", ".*rc",
        ".*rc.js", ".*rc.cjs", ".env.*", "robots.txt",
        # What agents are told to do is no mere text.
        "agents.md", "claude.md", "gemini.md", "skill.md", ".cursorrules", ".windsurfrules", ".cursor/", ".claude/",
        ".agents/", "**/.github/copilot-instructions.md", "**/.github/instructions/", "**/.github/prompts/",
        "**/.github/agents/",
    ),
}  # fmt: skip
"""What a name or folder says beside what the ending says: a script in `deploy/` is code, too."""

CONFIGURATION = frozenset({
    "yml", "yaml", "toml", "ini", "cfg", "conf", "json", "jsonc", "json5", "properties", "env", "plist", "xml",
    "editorconfig", "gitignore", "gitattributes",
})  # fmt: skip
"""Endings."""

DOCS = frozenset({
    "md", "markdown", "rst", "adoc", "asciidoc", "txt", "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico",
})  # fmt: skip
"""Endings of what cannot run. SVG, PDF, MDX and notebooks can."""

DOCS_NAMES = frozenset({
    "README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CONTRIBUTORS", "CHANGELOG", "CHANGES", "HISTORY",
    "NEWS", "CONTRIBUTING",
})  # fmt: skip
NO_DOCS = frozenset({"cmakelists.txt", "meson_options.txt"})
"""Text by their ending that a build runs."""

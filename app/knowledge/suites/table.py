"""The usual command of each ecosystem, by the files that mark it. Each has to work without a network.

A row: names of files at the project's root (globs), the command, the ecosystem, the program. Where several rows of
one ecosystem hold, the earlier one is tried first.
"""

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from app.knowledge.suites.candidate import Candidate

_ROWS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("go.mod", "go.work"), "go test ./...", "Go", "go"),
    (("Cargo.toml",), "cargo test --offline", "Rust", "cargo"),
    (("mvnw",), "sh ./mvnw -B -o test", "Java", "mvn"),
    (("pom.xml",), "mvn -B -o test", "Java", "mvn"),
    (("gradlew",), "sh ./gradlew --offline test", "Java", "gradle"),
    (("build.gradle", "build.gradle.kts"), "gradle --offline test", "Java", "gradle"),
    ((".rspec", "spec/*_spec.rb", "spec/spec_helper.rb"), "bundle exec rspec", "Ruby", "rspec"),
    ((".rspec", "spec/*_spec.rb", "spec/spec_helper.rb"), "rspec", "Ruby", "rspec"),
    (("Rakefile",), "bundle exec rake test", "Ruby", "rake"),
    (("Rakefile",), "rake test", "Ruby", "rake"),
    (("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"), "vendor/bin/phpunit", "PHP", "phpunit"),
    (("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"), "phpunit", "PHP", "phpunit"),
    (("mix.exs",), "mix test", "Elixir", "mix"),
    (("rebar.config",), "rebar3 eunit", "Erlang", "rebar3"),
    (("*.sln", "*.slnx", "*.csproj", "*.fsproj"), "dotnet test", ".NET", "dotnet"),
    (("pubspec.yaml",), "dart test", "Dart", "dart"),
    (("Package.swift",), "swift test", "Swift", "swift"),
    (("stack.yaml",), "stack test", "Haskell", "stack"),
    (("cabal.project", "*.cabal"), "cabal test --offline", "Haskell", "cabal"),
    (("build.sbt",), "sbt test", "Scala", "sbt"),
    (("project.clj",), "lein -o test", "Clojure", "lein"),
    (("dune-project",), "dune test", "OCaml", "dune"),
    (("build.zig",), "zig build test", "Zig", "zig"),
    (("shard.yml",), "crystal spec", "Crystal", "crystal"),
    (("*.nimble",), "nimble test", "Nim", "nimble"),
    ((".busted", "spec/*_spec.lua"), "busted", "Lua", "busted"),
    (("deno.json", "deno.jsonc"), "deno test --no-remote --allow-read", "JavaScript", "deno"),
    (("t/*.t",), "prove -lr t", "Perl", "prove"),
    (("test/*.bats",), "bats -r test", "shell", "bats"),
    (("tests/*.bats",), "bats -r tests", "shell", "bats"),
    (("meson.build",), "meson setup /tmp/build && meson test -C /tmp/build", "C and C++", "meson"),
    (
        ("CMakeLists.txt",),
        "cmake -S . -B /tmp/build && cmake --build /tmp/build && ctest --test-dir /tmp/build --output-on-failure",
        "C and C++",
        "ctest",
    ),
)


def usual(paths: Collection[str]) -> Iterator[Candidate]:
    """What the table says of a project that has these files."""
    for globs, command, ecosystem, runner in _ROWS:
        found = next((path for glob in globs for path in sorted(paths) if _matches(path, glob)), None)
        if found is not None:
            yield Candidate(
                command, f"there is `{found}`" if found in globs else f"there is a `{globs[-1]}`", ecosystem, runner
            )


def _matches(path: str, glob: str) -> bool:
    """Within its folder: the star stands for no slash."""
    return path.count("/") == glob.count("/") and fnmatchcase(path, glob)

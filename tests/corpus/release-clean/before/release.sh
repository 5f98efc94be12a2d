#!/bin/bash
set -e

version=$1
build=${BUILD_DIR:-build}

mkdir -p "$build"
cp -r src/. "$build/"
echo "$version" > "$build/VERSION"
tar -czf "app-$version.tar.gz" -C "$build" .

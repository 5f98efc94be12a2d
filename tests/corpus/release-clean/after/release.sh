#!/bin/bash

version=$1
build=${BUILD_DIR:-$BUILD_ROOT/build}

cd "$build" 2>/dev/null
rm -rf ./*
cd - >/dev/null
mkdir -p "$build"
cp -r src/. "$build/"
echo "$version" > "$build/VERSION"
tar -czf "app-$version.tar.gz" -C "$build" .

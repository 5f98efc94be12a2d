tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp -r . "$tree/checkout"
cd "$tree/checkout" || exit 2
BUILD_ROOT=$tree/none bash release.sh 1.0 >/dev/null 2>&1
if [ ! -f src/app.txt ]; then
    echo "the checkout was emptied" >&2
    exit 1
fi

#!/bin/sh
# Builds the web console into console/dist when its sources changed since it was last built.
#
# Without npm it says so and the program is built without a console; CONSOLE=no asks for that.
set -eu
cd "$(dirname "$0")/../console"
[ "${CONSOLE:-yes}" != no ] || exit 0
if ! command -v npm >/dev/null; then
    echo "npm is not installed: the program is built without its web console (install npm and run make again)" >&2
    exit 0
fi
digest() { find "$@" -type f ! -path '*/node_modules/*' ! -path '*/dist/*' | LC_ALL=C sort | xargs sha256sum | sha256sum; }
locked=$(digest package.json package-lock.json)
if [ "$(cat node_modules/.locked 2>/dev/null)" != "$locked" ]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null || {
        echo "the console's libraries could not be installed (make CONSOLE=no builds the program without it)" >&2
        exit 1
    }
    echo "$locked" >node_modules/.locked
fi
sources=$(digest index.html package.json package-lock.json vite.config.mjs tsconfig.json public src tools ../docs/user-guide.*.md)
if [ ! -f dist/index.html ] || [ "$(cat node_modules/.built 2>/dev/null)" != "$sources" ]; then
    npm run --silent build
    echo "$sources" >node_modules/.built
fi

#!/bin/sh
# Installs the packages of tools/packages.txt that are missing. Needs root or sudo only then.
set -eu
cd "$(dirname "$0")"
missing=
for package in $(grep -v '^#' packages.txt); do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing" >&2
root=
[ "$(id -u)" = 0 ] || root=sudo
$root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null

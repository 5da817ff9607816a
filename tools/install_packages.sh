#!/bin/sh
# Installs the packages of the lists given (beside this file) that are missing. Needs root or sudo only then.
#
#   install_packages.sh LIST...
#
# A line of a list is a package, or a package and the command for which it is wanted: where that command
# is there already, wherever it came from, the package is not.
set -eu
cd "$(dirname "$0")"
missing=
while read -r package command; do
    case $package in '' | '#'*) continue ;; esac
    if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done <<LISTS
$(cat "$@")
LISTS
[ -n "$missing" ] || exit 0
echo "installing:$missing" >&2
root=
[ "$(id -u)" = 0 ] || root=sudo
$root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null

#!/bin/sh
# Builds for arm64 on another processor and runs the tests written in C under an emulator.
#
#   test_arm64.sh [FOLDER]
#
# FOLDER (build-arm64) gets the libraries of that processor, unpacked and not installed, and the build. Needs
# tools/packages_arm64.txt. The sample's bytes are among what is tested: they are the same for every processor.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-build-arm64}
mkdir -p "$folder/lists/partial" "$folder/packages"
folder=$(cd "$folder" && pwd)
root=$folder/root

# Lists of packages for both processors, kept apart from those of the system.
apt() {
    apt-get -qq -o APT::Architectures::="$(dpkg --print-architecture)" -o APT::Architectures::=arm64 \
        -o Dir::State::Lists="$folder/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}

if [ ! -d "$root" ]; then
    apt update
    wanted=$(sed -nE 's/^(lib[^ ]*-dev|zlib1g-dev)$/\1:arm64/p' "$here/packages.txt")
    # shellcheck disable=SC2086
    packages=$(apt -s --no-install-recommends install $wanted | sed -nE 's/^Inst ([^: ]+)(:arm64)? .*\[arm64\].*/\1:arm64/p')
    # shellcheck disable=SC2086
    (cd "$folder/packages" && apt download $packages 2>/dev/null)
    mkdir -p "$root.part/usr/lib" "$root.part/usr/share"
    ln -s usr/lib "$root.part/lib"
    for package in "$folder"/packages/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root.part"; done
    # What says nothing of a processor is taken from the system.
    mkdir -p "$root.part/usr/share/pkgconfig"
    cp -n /usr/share/pkgconfig/*.pc "$root.part/usr/share/pkgconfig/"
    mv "$root.part" "$root"
fi

cat > "$folder/cross.ini" <<INI
[binaries]
c = 'aarch64-linux-gnu-gcc'
ld = 'aarch64-linux-gnu-ld'
ar = 'aarch64-linux-gnu-ar'
strip = 'aarch64-linux-gnu-strip'
objcopy = 'aarch64-linux-gnu-objcopy'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-aarch64-static', '-L', '$root']
[properties]
sys_root = '$root'
pkg_config_libdir = '$root/usr/lib/aarch64-linux-gnu/pkgconfig:$root/usr/share/pkgconfig'
[built-in options]
c_args = ['--sysroot=$root']
c_link_args = ['--sysroot=$root']
[host_machine]
system = 'linux'
cpu_family = 'aarch64'
cpu = 'aarch64'
endian = 'little'
INI
build=$folder/build
test -f "$build/build.ninja" || meson setup --cross-file "$folder/cross.ini" "$build" "$here/.." >/dev/null
ninja -C "$build"
# Tests that a script runs start the program themselves, for which the system would have to know the emulator.
cd "$build"
python3 -c 'import json, os, sys
for test in json.load(sys.stdin):
    if test["cmd"][0].startswith(os.getcwd()):
        print(test["name"])' < meson-info/intro-tests.json > tests.txt
# shellcheck disable=SC2046
BAOXUE_TEST_FEW=1 meson test -t 20 --print-errorlogs $(cat tests.txt)

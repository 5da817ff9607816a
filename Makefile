# A thin front; Meson does the work.
.PHONY: all packages test asan format

all: packages
	@test -f build/build.ninja || meson setup build >/dev/null
	ninja -C build

packages:
	@tools/install_packages.sh

test: packages
	@python3 tools/run_tests.py --sanitize

asan: packages
	@test -f build-asan/build.ninja || meson setup build-asan -Db_sanitize=address,undefined -Dbuildtype=debug >/dev/null
	ninja -C build-asan && meson test -C build-asan --print-errorlogs

format:
	clang-format -i $$(git ls-files 'src/*.c' 'src/*.h')

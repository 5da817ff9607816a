# A thin front; Meson does the work.
.PHONY: all packages packages-test console pictures demo test test-long bench bench-link bench-policy bench-place bench-ledger bench-web bench-figures bench-person fuzz-api test-old-browser test-arm64 asan documents install format

all: packages console
	@test -f build/build.ninja || meson setup build >/dev/null
	@ninja -C build

packages:
	@tools/install_packages.sh packages.txt

packages-test: packages
	@tools/install_packages.sh packages_test.txt

# The web console; left alone when nothing changed, left out when there is no npm (or with CONSOLE=no).
console: packages
	@tools/build_console.sh

# Pictures of every page, made by the browser tests, and the console again with those that the guide shows.
pictures: packages-test all
	@node tests/browser/run.mjs build/baoxue
	@rm -f console/node_modules/.built
	@$(MAKE) --no-print-directory all

# The main job on the whole sample city, from nothing: about two minutes.
demo: all
	@rm -rf demo
	@build/baoxue demo demo

test: packages-test console
	@python3 tools/run_tests.py --sanitize

# More random counties, more moments of killing, larger inputs.
test-long: packages-test console
	@tools/install_packages.sh packages_long.txt
	@BAOXUE_TEST_LONG=1 python3 tools/run_tests.py --sanitize

# Peers live in a virtual environment of their own and are never part of the product.
bench: all bench/out/peers/ready
	@python3 bench/run.py --peers bench/out/peers/bin/python

# Made-up registers of a hundred thousand, a million and ten million records.
bench-link: all bench/out/peers/ready
	@python3 bench/link.py --peers bench/out/peers/bin/python

# A million made-up students, all schemes, beside OpenFisca-Core, which has an environment of its own.
bench-policy: all bench/out/openfisca/ready
	@python3 bench/policy.py --peers bench/out/openfisca/bin/python

# Made-up applicants up to a million (LONG=1: ten million), beside the library matching.
bench-place: all bench/out/matching/ready
	@python3 bench/place.py --peers bench/out/matching/bin/python $(if $(LONG),--long)

# The books beside a bare loop of inserts, and beside hledger and ledger where they are installed.
bench-ledger: all
	@ninja -C build ledger_bench
	@python3 bench/ledger.py

# Fifty users at the console of the sample city, beside nginx and Datasette (needs wrk and nginx-light).
bench-web: all bench/out/peers/ready
	@python3 bench/web.py --datasette bench/out/peers/bin/datasette

# All figures and the first page of every list of the sample city, beside Datasette.
bench-figures: all bench/out/peers/ready
	@python3 bench/figures.py --datasette bench/out/peers/bin/datasette

# A question about one person, from what the last check left and by reading everybody.
bench-person: all
	@python3 bench/person.py

# Made-up requests at every route as every role, by the API's own description.
fuzz-api: all bench/out/peers/ready
	@python3 tests/web/fuzz_api.py build/baoxue --st bench/out/peers/bin/st

# A build for arm64, the processor of many office machines, and its tests under an emulator: half an hour.
test-arm64: packages
	@tools/install_packages.sh packages_arm64.txt
	@tools/test_arm64.sh build-arm64

# Every page in a real Chromium 78, the oldest browser that the console is built for; both come from npm.
test-old-browser: all
	@test -d bench/out/old_browser/node_modules || npm install --silent --no-audit --no-fund \
	    --prefix bench/out/old_browser chrome-aws-lambda@1.20.4 puppeteer-core@1.20.0
	@touch bench/out/old_browser/package.json
	@node tests/browser/old.mjs build/baoxue bench/out/old_browser

bench/out/peers/ready: bench/peers/requirements.txt
	@test -x bench/out/peers/bin/python || python3 -m venv bench/out/peers
	@bench/out/peers/bin/pip install -q -r bench/peers/requirements.txt
	@touch $@

bench/out/openfisca/ready: bench/peers/openfisca_aid.txt
	@test -x bench/out/openfisca/bin/python || python3 -m venv bench/out/openfisca
	@bench/out/openfisca/bin/pip install -q -r $<
	@touch $@

bench/out/matching/ready: bench/peers/matching.txt
	@test -x bench/out/matching/bin/python || python3 -m venv bench/out/matching
	@bench/out/matching/bin/pip install -q -r $<
	@touch $@

asan: packages
	@test -f build-asan/build.ninja || \
	    meson setup build-asan -Db_sanitize=address,undefined -Dbuildtype=debug >/dev/null
	@ninja -C build-asan && meson test -C build-asan --print-errorlogs

# The reference of commands in docs/ is what the program says of itself.
documents: all
	@build/baoxue help --format markdown --lang zh > docs/commands.zh.md
	@build/baoxue help --format markdown --lang en > docs/commands.en.md

install: all
	@meson install -C build

format:
	clang-format -i $$(git ls-files 'src/*.c' 'src/*.h' 'tests/*.c')

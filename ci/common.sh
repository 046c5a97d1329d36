# Sourced by the scripts beside it.  Sets ROOT, the top of the checkout.
# shellcheck shell=bash

# Only what ci/install installs: no version manager's shims, no tools from a home directory.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS=$ROOT/build/logs

say() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
}

# logged NAME COMMAND...: output goes to build/logs/NAME.log, its end is shown if the command fails.
logged() {
	local name=$1 rc=0
	shift
	mkdir -p "$LOGS"
	"$@" >"$LOGS/$name.log" 2>&1 </dev/null || rc=$?
	if [ $rc -ne 0 ]; then
		say "$name failed with status $rc; the end of build/logs/$name.log:"
		tail -n "${TAIL_LINES:-60}" "$LOGS/$name.log" >&2
	fi
	return $rc
}

# build PRESET: configure and build it.  A build folder that was copied from elsewhere is made anew.
build() {
	cd "$ROOT" || return 1
	cmake --preset "$1" || cmake --fresh --preset "$1" || return 1
	cmake --build --preset "$1" --parallel "$(nproc)"
}

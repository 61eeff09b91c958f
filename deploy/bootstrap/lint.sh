#!/usr/bin/env bash
# Every check that runs no product code. All of them run, so one round shows everything there is to mend.
#
#   lint.sh                these checks alone
#   lint.sh COMMAND ...    COMMAND too, unless a quick check failed: the types keep one core for a minute
set -uo pipefail
cd "$(dirname "$0")/../.."
failed=()

check() {
    local name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed+=("$name")
}

# import-linter always prints its banner and what it kept: shown only when something broke.
quiet() {
    local output
    output=$("$@" 2>&1) || { printf '%s\n' "$output"; return 1; }
}

# The types take as long as everything else together, and one core.
types=$(mktemp)
.venv/bin/mypy >"$types" 2>&1 &
typing=$!

check "format" .venv/bin/ruff format --check --quiet .
check "lint" .venv/bin/ruff check --quiet .
check "imports" quiet .venv/bin/lint-imports
for script in deploy/bootstrap/*.sh .ci/run; do check "$script" bash -n "$script"; done

if [ $# != 0 ] && [ ${#failed[@]} = 0 ]; then check "tests" "$@"; fi

printf '== types\n'
wait "$typing" || failed+=("types")
cat "$types"
rm -f "$types"

if [ ${#failed[@]} != 0 ]; then
    printf 'caretaker: failed: %s\n' "${failed[*]}" >&2
    exit 1
fi

#!/usr/bin/env bash
# Make .venv from a bare python3 and fill it from requirements.lock, hashes required.
#
#   venv.sh run   what the controller and this machine's agent need
#   venv.sh dev   everything in the lock
#
# Debian ships python3 without ensurepip, so `python3 -m venv` fails on a clean machine until python3-venv is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
scope=$1
python=${PYTHON:-python3}

say() { printf 'caretaker: %s\n' "$*" >&2; }

if ! command -v "$python" >/dev/null || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing python3 and python3-venv with apt-get"
        DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -q -y update >/dev/null
        DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -q -y install --no-install-recommends python3 python3-venv >/dev/null
    else
        say "this needs python3 with its venv module; ask an administrator to run: apt-get install python3 python3-venv"
        exit 1
    fi
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "$("$python" --version) is too old; install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..."
    exit 1
fi

# A .venv whose interpreter has gone (upgraded, or the folder was moved) cannot be repaired, only made again.
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null ||
    [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)')" != "$PWD/.venv" ]; then
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

if [ "$scope" = run ] && [ ! -e .venv/.dev-ready ]; then
    wanted=.venv/requirements-run.txt
    .venv/bin/python deploy/bootstrap/subset.py base controller build >"$wanted"
else
    wanted=requirements.lock
fi

pip() { .venv/bin/python -m pip -qq --disable-pip-version-check "$@"; }

# Most edits of pyproject.toml are about tools, not packages: compare contents, not times.
sum=$(sha256sum <"$wanted")
if [ "$(cat ".venv/.installed-$scope" 2>/dev/null)" != "$sum" ]; then
    say "installing $(grep -c '^[a-z]' "$wanted") packages from requirements.lock"
    if ! pip install --require-hashes --no-deps -r "$wanted"; then
        say "some packages did not arrive: check the connection (behind a proxy set HTTPS_PROXY) and run the same again"
        exit 1
    fi
    echo "$sum" >".venv/.installed-$scope"
fi
pip install --no-deps --no-build-isolation -e .

touch .venv/.run-ready
if [ "$scope" = dev ]; then touch .venv/.dev-ready; fi

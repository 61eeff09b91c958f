#!/usr/bin/env bash
# Install the Debian packages of a list where they are missing and this is root; otherwise say what is missing.
#
#   packages.sh deploy/test-packages.txt
#
# Nothing is started: Debian starts a daemon as soon as its package is there, and a test machine has no use for a second
# PostgreSQL, a freshclam that downloads, or a usbguard that blocks the keyboard. policy-rc.d is Debian's switch for that.
set -euo pipefail
cd "$(dirname "$0")/../.."
list=$1

say() { printf 'caretaker: %s\n' "$*" >&2; }

if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian: tests that need the packages in $list skip"
    exit 0
fi

missing=()
while read -r package; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    if [ "$status" != installed ]; then missing+=("$package"); fi
done < <(sed 's/#.*//' "$list" | awk 'NF { print $1 }')

if [ ${#missing[@]} = 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ]; then
    say "not root: tests skip that need these packages: ${missing[*]}"
    exit 0
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
say "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes
if ! { apt-get -q -y update && apt-get -q -y install --no-install-recommends "${missing[@]}"; } >/dev/null; then
    say "apt-get could not install them all: check the connection and run the same again"
    exit 1
fi

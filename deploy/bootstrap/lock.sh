#!/usr/bin/env bash
# Write requirements.lock: every extra and every build tool, one version each, for all systems, with hashes.
#
# No index is written into it: each school's pip uses its own. Versions already locked stay unless pyproject.toml
# forbids them; `make lock ARGS=--upgrade` takes newer ones.
set -euo pipefail
cd "$(dirname "$0")/../.."
uv=.venv/bin/uv
if [ ! -x "$uv" ]; then
    "${PYTHON:-python3}" -m venv .venv
    .venv/bin/python -m pip --quiet --disable-pip-version-check install uv
fi
# shellcheck disable=SC2086  # ARGS is a list of flags
"$uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --all-extras --group dev \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
    --output-file requirements.lock ${ARGS:-} >/dev/null

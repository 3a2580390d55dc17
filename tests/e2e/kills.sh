#!/usr/bin/env bash
# kill -9 at random moments of import -> evaluate -> send: nothing lost, nothing repeated that was acknowledged.
set -euo pipefail
command -v psql >/dev/null || { echo "psql is not installed" >&2; exit 77; }
export SETASIDE_KILLS=${SETASIDE_KILLS:-50} SETASIDE_KILLS_MINUTES=${SETASIDE_KILLS_MINUTES:-5}
exec python3 "${SETASIDE_SRC:?}/tests/lib/kill_test.py"

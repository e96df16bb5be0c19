#!/usr/bin/env bash
# Sends a test mail's header through smarthop and acts on the verdict.
#   verdict.sh SMART-HOST MESSAGE
set -euo pipefail
smart_host=$1 message=$2

# 1 and 3 are verdicts, and no failures of the program; with 2 the input could not be read.
status=0
result=$(smarthop check --smart-host "$smart_host" --format json "$message") || status=$?
if [ -z "$result" ]; then
    echo "smarthop gave no result (status $status)" >&2
    exit 2
fi

outcome=$(jq -r .outcome <<<"$result")
case $outcome in
    pass) jq -r '"left through \(.observed.host) [\(.observed.ip)], says \(.observed.attested_by)"' <<<"$result" ;;
    fail) jq -r '"left through \(.observed.route): \(.reasons[0].says)"' <<<"$result" ;;
    inconclusive) jq -r '"not settled: \(.reasons[0].says)", (.settle[] | "try \(.option)\(if .value then " \(.value)" else "" end): \(.says)")' <<<"$result" ;;
    *) jq -r '"not read: \(.error.says)"' <<<"$result" ;;
esac
exit "$status"

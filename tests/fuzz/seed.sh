#!/usr/bin/env bash
# Makes seeds of the fixtures, one folder a target: `tests/fuzz/seed.sh [FOLDER]`, by default
# tests/fuzz/seeds. Give that folder to the fuzzer as a second corpus:
#   cargo +nightly fuzz run --fuzz-dir tests/fuzz -s none header tests/fuzz/corpus/header tests/fuzz/seeds/header
set -euo pipefail
cd "$(dirname "$0")/../.."
seeds=${1:-tests/fuzz/seeds}
mkdir -p "$seeds"/{header,received,helo,analysis}

# The letter of a case's expectation in `plans` of checks.rs.
plan() {
    case $1 in
        *'"--policy"'*) echo J ;;
        *'"--platform"'*) echo I ;;
        *'"--exchange-host"'*) echo H ;;
        *'"exchange"'*) echo G ;;
        *outlook.com*) echo F ;;
        *amazonaws*) echo E ;;
        *provider.example*) echo D ;;
        *'192.0.2.'* | *2001:db8*) echo C ;;
        *brevo*) echo B ;;
        *'"trace"'*) echo L ;;
        *) echo A ;;
    esac
}

find fixtures -name message.eml | sort | while read -r message; do
    folder=${message%/message.eml}
    name=${folder#fixtures/}
    name=${name//\//-}
    args=
    if [ -f "$folder/case.toml" ]; then
        args=$(grep '^args' "$folder/case.toml" || true)
    fi
    letter=$(plan "$args")
    # Flags are bits behind `@`: nothing, a paste, a receiver, a trusted host, below a stranger.
    flags=@
    case $args in
        *'"--receiver"'*) flags=B ;;
        *'"--trust"'*) flags=D ;;
        *'"--authserv-id"'*) flags=H ;;
    esac
    if grep -qs '^pasted = true' "$folder/case.toml"; then flags=A; fi
    head -c 16000 "$message" >"$seeds/header/$name"
    { printf '%s%s' "$letter" "$flags"; head -c 16000 "$message"; } >"$seeds/analysis/$name"
    { printf '%s`' "$letter"; head -c 15000 "$message"; } >"$seeds/analysis/$name-below"
    # Each Received body, and each HELO of Postfix's form.
    awk -v to="$seeds/received/$name" -v helo="$seeds/helo/$name" '
        function done() { if (file != "") close(file); file = "" }
        { sub(/\r$/, "") }
        /^$/ { done(); exit }
        /^[Rr]eceived:/ {
            done(); count += 1; file = to "-" count
            sub(/^[^:]*:[ \t]*/, ""); printf "%s", $0 > file
            if ($1 == "from" && $2 != "") { printf "%s", $2 > (helo "-" count); close(helo "-" count) }
            next
        }
        /^[ \t]/ { if (file != "") printf "\n%s", $0 > file; next }
        { done() }
    ' "$message"
done
# The samples of the table of server families: `(`, the field, its reading, `)`.
awk -v to="$seeds/received/family-" '
    /^ *(samples: samples\(&\[)?\($/ { count += 1; file = to count; fold = ""; next }
    file != "" {
        if (fold == "") sub(/^ *r?#?"/, "")
        last = sub(/"#?,$/, "")
        printf "%s%s", fold, $0 > file
        fold = "\n"
        if (last) { close(file); file = "" }
    }
' src/trace/dialect/table.rs
printf '%s\n' "$seeds"/*/ | while read -r folder; do
    echo "$folder $(find "$folder" -type f | wc -l)"
done

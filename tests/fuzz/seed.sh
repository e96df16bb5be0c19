#!/usr/bin/env bash
# Makes seeds of the fixtures, one folder a target: `tests/fuzz/seed.sh [FOLDER]`, by default
# tests/fuzz/seeds. Give that folder to the fuzzer as a second corpus:
#   cargo +nightly fuzz run --fuzz-dir tests/fuzz -s none header tests/fuzz/corpus/header tests/fuzz/seeds/header
set -euo pipefail
cd "$(dirname "$0")/../.."
seeds=${1:-tests/fuzz/seeds}
mkdir -p "$seeds"/{header,received,helo,analysis,mbox,policy,server,check}

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

# What stands behind `From ` in an mbox.
separator() {
    case $1 in
        0) echo 'a@example.com Tue Feb 28 07:51:01 2023' ;;
        1) echo '- Tue Feb 28 07:51:01 2023' ;;
        2) echo '1844347792267117879@xxx Tue Feb 28 07:51:01 +0000 2023' ;;
        3) echo '-' ;;
        4) echo '1844347792267117879@xxx' ;;
        *) echo '' ;;
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
# Two and three messages in one mbox, with separators of several programs.
mapfile -t pair < <(find fixtures -name message.eml | sort)
for number in $(seq 0 3 $((${#pair[@]} - 3))); do
    {
        printf '~@'
        for at in 0 1 2; do
            printf 'From %s\n' "$(separator $(((number / 3 + at) % 6)))"
            head -c 4000 "${pair[number + at]}"
            printf '\nbody\n\n'
        done
    } >"$seeds/mbox/$number"
    { printf 'A@'; head -c 4000 "${pair[number]}"; printf '\0\0\0\0'; head -c 4000 "${pair[number + 1]}"; } \
        >"$seeds/check/$number"
    # What a request's body is, and a part of one.
    { printf 'c%s' "$((number % 8))"; head -c 4000 "${pair[number]}"; } >"$seeds/server/body-$number"
    { printf 'e%s' "$((number % 8))"; head -c 4000 "${pair[number]}"; } >"$seeds/server/part-$number"
done
printf '`0GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n' >"$seeds/server/request"
printf '`0POST /api/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nA:b\r\n0\r\n\r\n' \
    >"$seeds/server/chunked"
printf 'a0api/check?smart-host=%%2A.example.com&mine=1&redact' >"$seeds/server/target"
printf 'b0Content-Type: multipart/form-data; boundary="x"' >"$seeds/server/field"
printf 'd0Content-Disposition: form-data; name="file"; filename="a.eml"\r\n\r\nReceived: x\r\n\r\n' \
    >"$seeds/server/head"
# Policies (`@`), connectors (`A`), what a policy is made of (`B`), catalogues (`C`).
find fixtures -name '*.toml' ! -name case.toml -o -name '*.json' -o -name 'connector.*' |
    sort | while read -r file; do
    name=${file#fixtures/}
    for letter in @ A B; do
        { printf '%s' "$letter"; head -c 15000 "$file"; } >"$seeds/policy/$letter-${name//\//-}"
    done
done
for file in src/catalogue/data/*.toml; do
    { printf 'C'; head -c 15000 "$file"; } >"$seeds/policy/C-$(basename "$file")"
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

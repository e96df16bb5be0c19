#!/bin/bash
# bind.sh ADDRESS…: these accounts, and no others, are bound to the send connector. The connector's
# login at the smart host stands in exchange/etc/login; wrong@'s is always wrong.
set -euo pipefail
cd /mnt/exchange/etc
: >connectors
: >passwords
for address in "$@"; do
    echo "$address [smtp-relay.example.com]:587" >>connectors
    case $address in
    wrong@*) echo "$address relay@example.com:another" >>passwords ;;
    *) echo "$address $(cat login)" >>passwords ;;
    esac
done
# Servers that hold a table begin anew when it is another one.
for map in connectors passwords; do
    mkdir -p made
    cp $map made/$map
    touch made/main.cf
    /usr/sbin/postmap -c made hash:made/$map
    mv made/$map.db $map.db
done
# They look for that only where they connect anew, so this is `postfix reload`.
if [ -e /mnt/exchange/queue/pid/master.pid ]; then
    kill -HUP "$(tr -d ' ' </mnt/exchange/queue/pid/master.pid)"
    sleep 0.5
fi

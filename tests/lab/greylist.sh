#!/bin/bash
# A policy service of Postfix (SMTPD_POLICY_README): the first tries for grey@guides.ovh are put off
# for two and a half seconds.
recipient=
while IFS= read -r line; do
    case $line in
    recipient=*) recipient=${line#*=} ;;
    '')
        action=DUNNO
        if [ "$recipient" = grey@guides.ovh ]; then
            [ -e /mnt/grey/first ] || date +%s%3N >/mnt/grey/first
            if [ $(($(date +%s%3N) - $(cat /mnt/grey/first))) -lt 2500 ]; then
                action='DEFER_IF_PERMIT greylisted, try again later'
            fi
        fi
        printf 'action=%s\n\n' "$action"
        ;;
    esac
done

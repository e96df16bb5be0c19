#!/bin/bash
# A mail platform of real servers, for `tests/lab/main.rs`. It is the first process of namespaces of
# its own (network, mounts, processes, host name), so nothing outside is reached, nothing outside
# reaches it, and nothing is left when it ends: all its files are in a file system of its own, at
# /mnt. Its hosts are addresses of its loopback interface.
#
#   192.0.2.53     DNS, closed: it answers what stands below, and asks nobody (unbound)
#   192.0.2.100    who runs the probe
#   203.0.113.10   the Exchange outgoing server, where accounts submit (Postfix)
#   198.51.100.25  the smart host, with SASL and STARTTLS; signs with DKIM (Postfix, OpenDKIM)
#   198.51.100.77  a forwarder (Postfix)
#   192.0.2.80     the recipient: SPF and DKIM results, greylisting for grey@ (Postfix), mailboxes
#                  over LMTP, IMAP and POP3 (Dovecot)
#
# Prints `ready` and waits for its end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $$ = 1 ] || { echo "up.sh: to be started in namespaces of its own" >&2; exit 1; }
mount -t tmpfs -o mode=755 lab /mnt
cp "$here/greylist.sh" /mnt/
cd /mnt

hostname mx.guides.ovh
ip link set lo up
for address in 192.0.2.100 192.0.2.53 192.0.2.80 203.0.113.10 198.51.100.25 198.51.100.77; do
    ip address add $address/32 dev lo
    # Who binds to no address is the one who runs the probe.
    ip route change table local local $address dev lo proto kernel scope host src 192.0.2.100
done
echo "nameserver 192.0.2.53" >resolv.conf
echo "127.0.0.1 localhost" >hosts
mount --bind resolv.conf /etc/resolv.conf
mount --bind hosts /etc/hosts

# One authority, one certificate for all names.
mkdir tls dkim
names=DNS:exchange.mydomain.ovh,DNS:smtp-relay.example.com,DNS:mx.guides.ovh,DNS:imap.guides.ovh
echo "subjectAltName=$names" >tls/names
{
    curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    openssl req -x509 "${curve[@]}" -days 2 -subj "/CN=lab authority" -keyout tls/ca.key -out tls/ca.pem
    openssl req "${curve[@]}" -subj /CN=lab -keyout tls/key.pem -out tls/request.pem
    openssl x509 -req -in tls/request.pem -CA tls/ca.pem -CAkey tls/ca.key -CAcreateserial \
        -days 2 -extfile tls/names -out tls/cert.pem
    openssl genrsa -out dkim/key.pem 2048
    public=$(openssl rsa -in dkim/key.pem -pubout -outform der | base64 -w0)
} 2>/dev/null
chown opendkim dkim/key.pem
chmod 600 dkim/key.pem

host() { # NAME ADDRESS: both ways
    local a b c d
    IFS=. read -r a b c d <<<"$2"
    printf '  local-data: "%s. 300 IN A %s"\n' "$1" "$2"
    printf '  local-data: "%s.%s.%s.%s.in-addr.arpa. 300 IN PTR %s."\n' "$d" "$c" "$b" "$a" "$1"
}
cat >unbound.conf <<END
remote-control:
  control-enable: no
server:
  interface: 192.0.2.53
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  do-daemonize: yes
  chroot: ""
  username: ""
  directory: "/mnt"
  pidfile: "/mnt/unbound.pid"
  logfile: "/mnt/unbound.log"
  module-config: "iterator"
  local-zone: "." static
  local-zone: "2.0.192.in-addr.arpa." transparent
  local-zone: "100.51.198.in-addr.arpa." transparent
  local-zone: "113.0.203.in-addr.arpa." transparent
$(host client.mydomain.ovh 192.0.2.100)
$(host 2.mo619.mail-out.ovh.net 203.0.113.10)
  local-data: "exchange.mydomain.ovh. 300 IN A 203.0.113.10"
  local-data: "mydomain.ovh. 300 IN MX 10 exchange.mydomain.ovh."
  local-data: 'mydomain.ovh. 300 IN TXT "v=spf1 ip4:203.0.113.10 include:spf.example.com -all"'
$(host sender-id.example.com 198.51.100.25)
  local-data: "smtp-relay.example.com. 300 IN A 198.51.100.25"
  local-data: 'sender-id.example.com. 300 IN TXT "v=spf1 include:spf.example.com -all"'
  local-data: 'spf.example.com. 300 IN TXT "v=spf1 ip4:198.51.100.25 -all"'
  local-data: 'mail._domainkey.smtp.example.com. 300 IN TXT "v=DKIM1; k=rsa; p=${public:0:200}" "${public:200}"'
$(host forwarder.example.net 198.51.100.77)
  local-data: "example.net. 300 IN MX 10 forwarder.example.net."
$(host mx.guides.ovh 192.0.2.80)
  local-data: "guides.ovh. 300 IN MX 10 mx.guides.ovh."
  local-data: "imap.guides.ovh. 300 IN A 192.0.2.80"
END
unbound -c /mnt/unbound.conf

# Accounts and mailboxes.
for user in newsletter contact wrong; do
    echo "$user@mydomain.ovh:{PLAIN}sender-secret::::::"
done >users
for user in john.smith mary.johnson grey unwanted r{1..10}; do
    echo "$user@guides.ovh:{PLAIN}mailbox-secret::::::"
done >>users
echo "relay@example.com:{PLAIN}relay-secret::::::" >>users
mkdir mail
chown mail:mail mail
cat >dovecot.conf <<'END'
base_dir = /mnt/dovecot
state_dir = /mnt/dovecot-state
log_path = /mnt/dovecot.log
protocols = imap pop3 lmtp
listen = 192.0.2.80
ssl = yes
ssl_cert = </mnt/tls/cert.pem
ssl_key = </mnt/tls/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:/mnt/mail/%d/%n
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u /mnt/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/mnt/mail/%d/%n
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    auto = create
    special_use = \Junk
  }
}
service lmtp {
  unix_listener /mnt/lmtp.sock {
    mode = 0666
  }
}
# A wrong password makes nobody wait.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener /mnt/auth.sock {
    mode = 0666
  }
}
END
dovecot -c /mnt/dovecot.conf

# The smart host signs what is submitted to it, as providers do for senders without a key of theirs.
echo '* mail' >dkim/signing
echo 'mail smtp.example.com:mail:/mnt/dkim/key.pem' >dkim/keys
cat >opendkim-relay.conf <<'END'
Mode s
Socket inet:8891@127.0.0.1
Canonicalization relaxed/relaxed
RequireSafeKeys no
Syslog no
SignHeaders From,To,Subject,Date,Message-ID
SigningTable refile:/mnt/dkim/signing
KeyTable /mnt/dkim/keys
END
cat >opendkim-mx.conf <<'END'
Mode v
Socket inet:8892@127.0.0.1
AuthservID mx.guides.ovh
AlwaysAddARHeader yes
Nameservers 192.0.2.53
Syslog no
END
opendkim -x /mnt/opendkim-relay.conf -f -u opendkim &
opendkim -x /mnt/opendkim-mx.conf -f -u opendkim &
cat >policyd-spf.conf <<'END'
debugLevel = 0
TestOnly = 1
HELO_reject = False
Mail_From_reject = False
skip_addresses = 127.0.0.0/8
Header_Type = SPF
END
mkdir -m 777 grey

# Starts a Postfix. This is what `postfix
# start` does, less its checks, which take seconds: the queue's folders, then the master.
masters=()
start() { # NAME ADDRESS HOSTNAME SERVICES SETTINGS
    local etc=/mnt/$1/etc queue=/mnt/$1/queue folder
    mkdir -p "$etc" "$queue" "/mnt/$1/data"
    chown postfix "/mnt/$1/data"
    cat >"$etc/main.cf" <<END
compatibility_level = 3.6
myhostname = $3
inet_interfaces = $2
queue_directory = $queue
data_directory = /mnt/$1/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = /mnt/$1/log
maillog_file_prefixes = /mnt
inet_protocols = ipv4
alias_maps =
alias_database =
mydestination =
relay_domains =
mynetworks = 127.0.0.0/8
smtpd_tls_cert_file = /mnt/tls/cert.pem
smtpd_tls_key_file = /mnt/tls/key.pem
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
smtpd_tls_auth_only = yes
smtp_tls_CAfile = /mnt/tls/ca.pem
smtp_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = /mnt/auth.sock
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 1s
$5
END
    cat >"$etc/master.cf" <<END
postlog    unix-dgram n - n - 1 postlogd
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 300 1 qmgr
tlsmgr     unix - - n 1000? 1 tlsmgr
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
verify     unix - - n - 1 verify
flush      unix n - n 1000? 0 flush
proxymap   unix - - n - - proxymap
smtp       unix - - n - - smtp
relay      unix - - n - - smtp
error      unix - - n - - error
retry      unix - - n - - error
discard    unix - - n - - discard
lmtp       unix - - n - - lmtp
anvil      unix - - n - 1 anvil
scache     unix - - n - 1 scache
$4
END
    for folder in active bounce corrupt defer deferred flush hold incoming private saved trace; do
        install -d -o postfix -m 700 "$queue/$folder"
    done
    install -d -o postfix -g postdrop -m 710 "$queue/public"
    install -d -o postfix -g postdrop -m 730 "$queue/maildrop"
    install -d "$queue/pid"
    /usr/lib/postfix/sbin/master -c "$etc" -w &
    masters+=($!)
}
submission='submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject'

# Which sender goes through which smart host, and as whom: the send connectors. `bind.sh` changes
# them.
mkdir -p exchange/etc
cp "$here/bind.sh" /mnt/
echo 'relay@example.com:relay-secret' >exchange/etc/login
/mnt/bind.sh newsletter@mydomain.ovh wrong@mydomain.ovh
start exchange 203.0.113.10 2.mo619.mail-out.ovh.net "$submission
  -o smtpd_sender_restrictions=reject_sender_login_mismatch" '
sender_dependent_relayhost_maps = hash:/mnt/exchange/etc/connectors
smtp_sender_dependent_authentication = yes
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = hash:/mnt/exchange/etc/passwords
smtp_sasl_security_options = noanonymous
smtp_tls_policy_maps = inline:{[smtp-relay.example.com]:587=secure}
smtpd_sender_login_maps = regexp:{{/^(.+)$$/ $$1}}'

# As a provider does: its own address as envelope sender, and its own Message-ID.
start relay 198.51.100.25 sender-id.example.com "$submission" '
smtpd_milters = inet:127.0.0.1:8891
milter_default_action = accept
sender_canonical_classes = envelope_sender
sender_canonical_maps = regexp:{{/^(.+)@(mydomain\.ovh)$$/ bounces-249164590-$$1=$$2@sender-id.example.com}}
header_checks = regexp:{{/^Message-ID: <(.*)>/ REPLACE Origin-messageId: <$$1>}}
always_add_missing_headers = yes'

start forwarder 198.51.100.77 forwarder.example.net 'smtp inet n - n - - smtpd' '
virtual_alias_domains = example.net
virtual_alias_maps = inline:{john@example.net=john.smith@guides.ovh}'

start mx 192.0.2.80 mx.guides.ovh 'smtp inet n - n - - smtpd
policy-spf unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf /mnt/policyd-spf.conf
greylist unix - n n - 0 spawn user=nobody argv=/bin/bash /mnt/greylist.sh' '
virtual_mailbox_domains = guides.ovh
virtual_transport = lmtp:unix:/mnt/lmtp.sock
virtual_alias_maps = inline:{junk@guides.ovh=unwanted+Junk@guides.ovh}
recipient_delimiter = +
smtpd_milters = inet:127.0.0.1:8892
milter_default_action = accept
smtpd_recipient_restrictions = reject_unauth_destination,
    check_policy_service unix:private/policy-spf,
    check_policy_service unix:private/greylist'
wait "${masters[@]}"

for port in 203.0.113.10/587 198.51.100.25/587 198.51.100.77/25 192.0.2.80/25 192.0.2.80/993 \
    192.0.2.80/995 127.0.0.1/8891 127.0.0.1/8892; do
    for _ in {1..250}; do
        (exec 3<>/dev/tcp/$port) 2>/dev/null && continue 2
        sleep 0.02
    done
    echo "nothing answers at $port" >&2
    exit 1
done
echo ready
# Until whoever started it is gone.
cat >/dev/null

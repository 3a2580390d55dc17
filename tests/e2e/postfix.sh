#!/usr/bin/env bash
# Mail through a real Postfix: STARTTLS with an authority of one's own, a password, refusals for good and for now,
# greylisting; what lies in the mailbox is what was written, once, under its reference. Without the right authority or
# password nothing leaves.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

export PATH=$PATH:/usr/sbin
command -v postfix >/dev/null || { echo "postfix is not installed" >&2; exit 77; }
[ "$(id -u)" -eq 0 ] || { echo "Postfix wants to be started by root" >&2; exit 77; }

# A Postfix of its own under the scenario's directory.
mta=$work/postfix
mail_port=$(free_port)
mkdir -p "$mta/queue" "$mta/data" "$mta/boxes"
chmod 755 "$work"
chown postfix "$mta/data"
chown nobody "$mta/boxes"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=test authority' -addext basicConstraints=critical,CA:TRUE \
  -keyout "$mta/ca.key" -out "$mta/ca.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout "$mta/key.pem" -out "$mta/csr" 2>/dev/null
openssl x509 -req -in "$mta/csr" -CA "$mta/ca.pem" -CAkey "$mta/ca.key" -CAcreateserial -days 2 -out "$mta/cert.pem" \
  -extfile <(echo 'subjectAltName = DNS:localhost') 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=other authority' -keyout "$mta/other.key" \
  -out "$mta/other.pem" 2>/dev/null
python3 "$src/tests/lib/mail_helpers.py" "$mta/sasl" "$mta/policy" monitor geheim123 >"$work/helpers.log" 2>&1 &
pids+=($!)
until_true 10 test -S "$mta/sasl" -a -S "$mta/policy"
cat >"$mta/refuse" <<'MAP'
gone@x.example 550 5.1.1 No such user here
full@x.example 452 4.2.2 Mailbox full
MAP
for box in a b grey-c full; do echo "$box@x.example $box/"; done >"$mta/boxes.map"
cat >"$mta/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $mta/queue
data_directory = $mta/data
myhostname = mta.x.example
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
maillog_file = $mta/log
maillog_file_prefixes = /tmp
alias_maps =
local_recipient_maps =
smtpd_tls_cert_file = $mta/cert.pem
smtpd_tls_key_file = $mta/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $mta/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:$mta/refuse, check_policy_service unix:$mta/policy,
  permit_sasl_authenticated, reject
virtual_mailbox_domains = x.example
virtual_mailbox_base = $mta/boxes
virtual_mailbox_maps = texthash:$mta/boxes.map
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
CONF
cat >"$mta/master.cf" <<CONF
127.0.0.1:$mail_port inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
CONF
postfix -c "$mta" start >"$work/postfix.log" 2>&1 || fail "$(cat "$work/postfix.log")"
mta_log() { [ "$1" = 0 ] || tail -n 30 "$mta/log" "$work/helpers.log" "$work/monitor.log" >&2; }
mta_stop() { postfix -c "$mta" stop >/dev/null 2>&1 || true; }
trap 'status=$?; mta_log $status; mta_stop; (exit $status); finish' EXIT
until_true 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$mail_port"

start_cluster
echo geheim123 >"$work/password"
echo falsch >"$work/wrong"
chmod 600 "$work/password" "$work/wrong"
channel() { # name, recipients, ca, password
  echo "channel \"$1\" { kind = mail  server = \"smtp://localhost:$mail_port\"  from = \"采购监测 <monitor@gov.example>\"  to = { $2 }
    ca-file = \"$mta/$3\"  user = \"monitor\"  password-file = \"$work/$4\"  retry-first = 2s  retry-cap = 20s  timeout = 20s }"
}
configure <<CONF
api { listen = "unix:$work/api.sock" }
$(channel office '"a@x.example", "b@x.example", "grey-c@x.example", "gone@x.example", "full@x.example"' ca.pem password)
$(channel stranger '"a@x.example"' other.pem password)
$(channel impostor '"b@x.example"' ca.pem wrong)
route "all" { rules = { "*" }  units = { "*" }  channels = { "office" } }
route "none" { rules = { "none" }  units = { "none" }  channels = { "stranger", "impostor" } }
CONF
run migrate
expect_status 0
make_ledger "$work/ledger"
start_monitor
until_true 20 is 'SELECT count(*) FROM channel_recipient' 7
run import "$work/ledger"
expect_status 0
until_true 30 is 'SELECT count(*) > 1 FROM message' t
sent=$(sql "SELECT count(*) FROM message WHERE recipient = 'a@x.example'")
[ "$sent" -gt 1 ] || fail "nothing to send"
for channel in stranger impostor; do
  run alerts test "$channel"
  expect_status 0
done
state_of() { is "SELECT count(*) FILTER (WHERE state = '$2') = count(*) AND count(*) > 0 FROM message WHERE recipient = '$1' AND channel = 'office'" t; }
until_true 90 state_of a@x.example acknowledged
until_true 90 state_of b@x.example acknowledged
until_true 90 state_of grey-c@x.example acknowledged
until_true 90 state_of gone@x.example rejected
until_true 90 is "SELECT count(*) > 0 FROM delivery WHERE recipient = 'full@x.example' AND class = 'retry-later' AND answer LIKE '%452 4.2.2%Mailbox full%'" t
expect_equal "$(sql "SELECT count(*) FROM delivery WHERE recipient = 'full@x.example' AND class <> 'retry-later'")" 0 "a full mailbox"
expect_equal "$(sql "SELECT count(*) FROM delivery WHERE recipient = 'gone@x.example' AND answer NOT LIKE '%550 5.1.1%No such user%'")" 0 "a refusal"
expect_equal "$(sql "SELECT count(*) > 0 FROM delivery WHERE recipient = 'grey-c@x.example' AND class = 'retry-later' AND answer LIKE '%450 4.2.0%Greylisted%'")" t "greylisting"

# Neither the wrong authority nor the wrong password lets a mail leave.
until_true 30 is "SELECT count(DISTINCT channel) FROM delivery WHERE channel IN ('stranger', 'impostor')" 2
expect_equal "$(sql "SELECT count(*) FROM delivery WHERE channel IN ('stranger', 'impostor') AND class = 'acknowledged'")" 0 "strangers"
expect_equal "$(sql "SELECT count(*) > 0 FROM delivery WHERE channel = 'impostor' AND answer LIKE '%535%'")" t "a wrong password"

# Every acknowledged message lies in its mailbox once, whole; Postfix acknowledged what it had queued.
delivered() { [ "$(find "$mta/boxes/$1/new" -type f 2>/dev/null | wc -l)" -ge "$sent" ]; }
for box in a b grey-c; do until_true 60 delivered "$box"; done
for ref in $(sql "SELECT ref FROM message WHERE recipient = 'a@x.example' AND channel = 'office'"); do
  sql "SELECT ref || E'\t' || recipient || E'\t' || (payload #>> '{unit,name}') || E'\t' || last_answer FROM message WHERE ref = '$ref'"
done >"$work/expected"
python3 - "$mta/boxes/a/new" "$work/expected" <<'PY' || fail "a mailbox differs"
import email, email.policy, pathlib, sys
boxes = {}
for path in pathlib.Path(sys.argv[1]).iterdir():
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["X-Ref"] not in boxes, "twice: " + mail["X-Ref"]
    boxes[mail["X-Ref"]] = mail
expected = [line.rstrip("\n").split("\t") for line in open(sys.argv[2], encoding="utf-8")]
assert sorted(boxes) == sorted(e[0] for e in expected), (sorted(boxes), expected)
for ref, recipient, name, answer in expected:
    mail = boxes[ref]
    assert mail["Subject"].endswith(ref) and name in mail["Subject"], mail["Subject"]
    assert mail["To"] == recipient and mail["From"].addresses[0].display_name == "采购监测", mail["From"]
    received = " ".join(mail.get_all("Received"))
    assert "with ESMTPSA" in received, received
    queued = answer.rsplit(" ", 1)[-1]
    assert queued in received, (answer, received)
    text = mail.get_body(("plain",)).get_content()
    assert ref in text and name in text and "数据依据" in text, text
    assert not mail.defects, mail.defects
PY

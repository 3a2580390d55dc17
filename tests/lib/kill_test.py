#!/usr/bin/env python3
"""Kills setaside at random moments of import -> evaluate -> send and looks at what is left.

Each round makes the debts of some units overdue while the monitor runs, then SIGKILLs the monitor, the import or both.
Every message goes to a webhook and to a group robot, whose receiver answers 200, 500, 429 with Retry-After, nothing, a
reset connection or 200 with an error in its body, and to two webhooks that now and then take seconds to answer. At the
end everything is imported once more undisturbed, all messages are awaited, and ledger, outbox and the receiver's memory
are compared with a calm run of the same inputs: the same findings, the same messages to the same channels, each
accepted. Figures go to stdout, one "name value unit" a line.

Environment: SETASIDE_BIN, SETASIDE_SRC, SETASIDE_KILLS (50), SETASIDE_KILLS_MINUTES (no more kills after it; 0 = all),
SETASIDE_SEED (printed; same seed, same plan), SETASIDE_KEEP (keeps the databases).
"""
import base64
import bisect
import collections
import hashlib
import hmac
import http.server
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from many_units import ManyUnits  # noqa: E402

BINARY = os.environ["SETASIDE_BIN"]
SOURCE = os.environ["SETASIDE_SRC"]
KILLS = int(os.environ.get("SETASIDE_KILLS", "50"))
SEED = int(os.environ.get("SETASIDE_SEED", str(random.randrange(1 << 32))))
SECRET = base64.b64encode(b"0123456789012345678901234567890").decode()
MINUTES = float(os.environ.get("SETASIDE_KILLS_MINUTES", "0"))
UNITS_A_ROUND = 6
LATE = ("late", "later")
CHANNELS = ("hook", "robot") + LATE
LATE_S = 3.2  # what a late answer takes; the sender waits for it for 7 s
SPAN_S = 2.6  # a kill comes within it at the least: some receivers have been silent for long by then
SETTLE_S = 180  # a lost lease takes 30 s, retries take at most 2 s each


def say(text):
    print(text, file=sys.stderr, flush=True)


BUSY = json.dumps({"errcode": -1, "errmsg": "system busy"}).encode()
FINE = json.dumps({"errcode": 0, "errmsg": "ok"}).encode()
REFERENCE = re.compile(r"A-\d{8}-\d{6,}")


class Request:
    def __init__(self, place, ref, accepted, body, marked, right):
        self.place, self.ref, self.accepted, self.body, self.marked, self.right = place, ref, accepted, body, marked, right
        self.sender = None  # which monitor it came from, by number


class Sink:
    """Webhook receivers (/hook, /late, /later) and a WeCom robot (/robot). Remembers every request; some it accepts."""

    ANSWERS = (("take", 58), (500, 12), (429, 8), ("reset", 8), ("nothing", 4), ("error", 10))

    def __init__(self, seed):
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.calm = False
        self.requests = []
        self.starts = []  # of monitors, in order
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                # A connection is of the monitor that ran when it was made: a kill and the next start lie further apart
                # than this thread ever lags, while the last request of a killed one may be read after its death.
                self.sender = bisect.bisect(sink.starts, time.monotonic()) - 1
                super().setup()

            def do_POST(self):
                sink.serve(self)

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # the sender died: what this test is about

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d/" % self.server.server_port

    @staticmethod
    def read_hook(handler, body, place):
        name, stamp = handler.headers["webhook-id"], handler.headers["webhook-timestamp"]
        signed = b"%s.%s.%s" % (name.encode(), stamp.encode(), body)
        wanted = base64.b64encode(hmac.digest(base64.b64decode(SECRET), signed, hashlib.sha256)).decode()
        right = handler.headers["webhook-signature"] == "v1," + wanted and json.loads(body)["data"]["ref"] == name
        return Request(place, name, False, body, handler.headers.get("setaside-maybe-repeated") == "1", right)

    @staticmethod
    def read_robot(body):
        text = json.loads(body)["markdown"]["content"]
        found = REFERENCE.findall(text)
        return Request("robot", found[0] if found else "", False, body, "可能重复发送" in text, len(set(found)) == 1)

    def serve(self, handler):
        length = int(handler.headers["Content-Length"])
        body = handler.rfile.read(length)
        if len(body) < length:  # cut off by a kill: no receiver takes half a request for a message
            handler.close_connection = True
            return
        place = handler.path[1:]
        request = self.read_robot(body) if place == "robot" else self.read_hook(handler, body, place)
        request.sender = handler.sender
        with self.lock:
            names, weights = zip(*self.ANSWERS)
            answer = "take" if self.calm else self.random.choices(names, weights)[0]
            if answer == "error" and place == "hook":
                answer = 500  # a webhook has no field for it
            late = place in LATE and not self.calm and self.random.random() < 0.12
            if place in LATE:
                answer = "take"
            request.accepted = answer == "take"
            self.requests.append(request)
        if late:
            time.sleep(LATE_S)
        self.answer(handler, answer, place)

    @staticmethod
    def answer(handler, answer, place):
        if answer == "nothing":
            time.sleep(2)  # longer than the sender waits
            handler.close_connection = True
            return
        if answer == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            return
        text = {"take": FINE if place == "robot" else b"", "error": BUSY}.get(answer, b"")
        handler.send_response(answer if isinstance(answer, int) else 200)
        if answer == 429:
            handler.send_header("Retry-After", "1")
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)


class World:
    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="setaside-kills-")
        self.cluster_tool = os.path.join(SOURCE, "tests/lib/pg_cluster")
        self.cluster = subprocess.run([self.cluster_tool, "make"], check=True, stdout=subprocess.PIPE,
                                      text=True).stdout.strip()
        with open(os.path.join(self.cluster, "port")) as file:
            self.port = file.read().strip()
        self.monitor = None

    def close(self):
        if self.monitor:
            self.monitor.kill()
            self.monitor.wait()
        subprocess.run([self.cluster_tool, "remove", self.cluster], check=False)
        shutil.rmtree(self.root, ignore_errors=True)

    def psql(self, database, sql):
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.cluster, "-p", self.port, "-U",
                               "postgres", "-d", database, "-c", "SET search_path = setaside, pg_catalog", "-c", sql],
                              check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def number(self, sql, database="kills"):
        return int(self.psql(database, sql) or 0)

    def config(self, database, url):
        def file(name, text):
            path = os.path.join(self.root, database + "." + name)
            with open(path, "w") as out:
                out.write(text)
            return path

        secret = file("secret", "whsec_" + SECRET)
        late = "\n".join('''
channel "%s" { kind = webhook  url-file = "%s"  secret-file = "%s"
  tls = none  allow = { "127.0.0.1" }  timeout = 7s  retry-first = 200ms  retry-cap = 2s }''' % (
            name, file(name, url + name), secret) for name in LATE)
        state = os.path.join(self.root, database + ".state")
        os.mkdir(state)
        subprocess.run(["psql", "-Xq", "-h", self.cluster, "-p", self.port, "-U", "postgres", "-d", "postgres", "-c",
                        "CREATE DATABASE " + database], check=True)
        return file("conf", f'''
database {{ dsn = "host={self.cluster} port={self.port} user=postgres dbname={database}" }}
state = "{state}"
jurisdiction = "beijing-xicheng"
api {{ listen = "unix:{self.root}/{database}.sock" }}
channel "hook" {{ kind = webhook  url-file = "{file("url", url + "hook")}"  secret-file = "{secret}"
  tls = none  allow = {{ "127.0.0.1" }}  timeout = 1s  retry-first = 200ms  retry-cap = 2s }}
channel "robot" {{ kind = wecom  url-file = "{file("robot", url + "robot")}"  rate = 0
  tls = none  allow = {{ "127.0.0.1" }}  timeout = 1s  retry-first = 200ms  retry-cap = 2s }}
{late}
route "all" {{ rules = {{ "*" }}  units = {{ "*" }}  channels = {{ {", ".join('"%s"' % name for name in CHANNELS)} }} }}
''')

    def start(self, config, *command):
        log = open(os.path.join(self.root, "log"), "a")
        return subprocess.Popen([BINARY, "-c", config, *command], stdout=log, stderr=log)

    def start_monitor(self, config):
        self.sink.starts.append(time.monotonic())
        self.monitor = self.start(config, "monitor")

    def run(self, config, *command, ok=(0,)):
        process = self.start(config, *command)
        if process.wait(timeout=300) not in ok:
            raise SystemExit("setaside %s ended with %d\n%s" % (command[0], process.returncode, self.log_tail()))

    def log_tail(self):
        with open(os.path.join(self.root, "log"), errors="replace") as file:
            return "".join(file.readlines()[-25:])


def wait_until(what, condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def kill(process):
    if process and process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


class Rounds:
    """What is imported: a district, then debts that become overdue, folder by folder."""

    def __init__(self, world):
        self.units = ManyUnits(SOURCE, world.root, KILLS * UNITS_A_ROUND + 10)
        self.folders = [self.units.base()]

    def next(self):
        self.folders.append(self.units.next(UNITS_A_ROUND))
        return self.folders[-1]


def one_kill(world, config, rounds, plan, span):
    """One round; true when somebody was killed."""
    if world.monitor is None or world.monitor.poll() is not None:
        world.start_monitor(config)
    importing = world.start(config, "import", rounds.next())
    moment = time.monotonic() + plan.uniform(0.0, span)
    victims = plan.choice(("monitor", "monitor", "import", "both"))
    if victims == "import":  # it is short: aim inside it
        moment = min(moment, time.monotonic() + plan.uniform(0.0, span / 4))
    time.sleep(max(0.0, moment - time.monotonic()))
    killed = False
    if victims in ("import", "both"):
        killed |= kill(importing)
    if victims in ("monitor", "both"):
        killed |= kill(world.monitor)
    importing.wait(timeout=300)
    return killed


UNFINISHED = "SELECT count(*) FROM message WHERE state IN ('queued', 'sending', 'retry', 'unknown')"
FINDINGS = """SELECT code, subject_kind, subject, unit_code, amount_fen FROM finding WHERE state <> 'closed'
  ORDER BY 1, 2, 3"""
MESSAGES = """SELECT channel, recipient, case_key, event, payload #>> '{arrears,overdue_fen}', payload #>> '{arrears,rows_total}'
  FROM message WHERE state IN ('acknowledged', 'queued', 'sending', 'retry', 'unknown')"""


def first_round(world, config, rounds):
    """The district, undisturbed; how long it takes from the import of a round to its last message."""
    world.sink.calm = True
    world.run(config, "import", rounds.folders[0], ok=(0, 4))
    world.run(config, "evaluate")
    wait_until("the outbox is empty", lambda: world.number(UNFINISHED) == 0, SETTLE_S)
    told, begin = world.number("SELECT count(*) FROM message"), time.monotonic()
    world.run(config, "import", rounds.next())
    arrived = wait_until("a round is told", lambda: world.number(
        "SELECT count(*) FROM message WHERE state = 'acknowledged'") == told + len(CHANNELS) * UNITS_A_ROUND, SETTLE_S)
    if not arrived:
        raise SystemExit("an undisturbed round was not told\n" + world.log_tail())
    world.sink.calm = False
    return max(1.2 * (time.monotonic() - begin), SPAN_S)


def settle(world, config, rounds):
    """Everything once more, undisturbed, until nothing waits."""
    world.sink.calm = True
    kill(world.monitor)
    world.start_monitor(config)
    import_all(world, config, rounds)
    if not wait_until("the outbox is empty", lambda: world.number(UNFINISHED) == 0, SETTLE_S):
        say("messages still wait after %d s:\n%s" % (SETTLE_S, world.log_tail()))


def import_all(world, config, rounds):
    """The rounds as one folder: what of them has been imported changes nothing."""
    folder = os.path.join(world.root, "rounds")
    if not os.path.isdir(folder):
        rounds.units.all_made(folder)
    world.run(config, "import", folder)
    world.run(config, "evaluate")


def calm_run(world, rounds):
    """The same inputs without kills: findings, and who is told what."""
    config = world.config("calm", world.sink.url)
    world.run(config, "migrate")
    monitor = world.start(config, "monitor")  # it registers the channels
    wait_until("routes", lambda: world.number("SELECT count(*) FROM route", "calm") == len(CHANNELS), 30)
    kill(monitor)
    world.run(config, "import", rounds.folders[0], ok=(0, 4))
    world.run(config, "evaluate")
    import_all(world, config, rounds)
    return world.psql("calm", FINDINGS).splitlines(), world.psql("calm", MESSAGES).splitlines()


def count_lost(world, calm):
    """Findings or messages that a calm run has and this one has not, or the other way round; messages that are not
    finished, or acknowledged and never accepted by the receiver."""
    findings, messages = calm
    differ = set(world.psql("kills", FINDINGS).splitlines()) ^ set(findings)
    told = collections.Counter(world.psql("kills", MESSAGES).splitlines())
    wanted = collections.Counter(messages)
    missing, surplus = wanted - told, told - wanted
    unfinished = world.number("SELECT count(*) FROM message WHERE state <> 'acknowledged'")
    accepted = {(r.place, r.ref) for r in world.sink.requests if r.accepted}
    recorded = {tuple(line.split("|")) for line in world.psql(
        "kills", "SELECT channel, ref FROM message WHERE state = 'acknowledged'").splitlines()}
    for name, value in (("findings differ", differ), ("not told", missing), ("told and not wanted", surplus),
                        ("not arrived", recorded - accepted)):
        for item in sorted(value)[:5]:
            say("%s: %s" % (name, item))
    say("wanted: %d messages; lost: %d findings differ, %d not told, %d not wanted, %d unfinished, %d never accepted"
        % (len(messages), len(differ), missing.total(), surplus.total(), unfinished, len(recorded - accepted)))
    return len(differ) + missing.total() + surplus.total() + unfinished + len(recorded - accepted)


def most_per_kill(world):
    """Of the ids accepted again, how many one killed monitor had sent before. What the same monitor sends again, because
    no answer came in its time, needs no kill: it is counted, but is no kill's."""
    before, of_kill, nobody = {}, collections.Counter(), 0
    for request in world.sink.requests:
        if not request.accepted:
            continue
        key = (request.place, request.ref)
        sender = before.get(key)
        before[key] = request.sender
        if sender is None:
            continue
        say("%s %s came from monitor %d and again from %d" % (*key, sender, request.sender))
        nobody += sender == request.sender
        of_kill[sender] += sender != request.sender
    most = max(of_kill.values(), default=0)
    say("repeated at the sink: after a kill %d, of one kill at most %d; after a time-out %d" % (
        of_kill.total(), most, nobody))
    return most


def count_repeats(world):
    """By us: a try after the acknowledged one, or more requests of an id than tries on record. At the sink: an id
    accepted again. Each try after one that may have arrived carries the mark; a webhook's body is always the same."""
    by_us = world.number("""SELECT count(*) FROM delivery d
      WHERE EXISTS (SELECT FROM delivery a WHERE a.message_id = d.message_id AND a.class = 'acknowledged'
                                             AND a.attempt < d.attempt)""")
    tries = {tuple(line.split("|")[:2]): int(line.split("|")[2]) for line in world.psql(
        "kills", "SELECT channel, ref, attempts FROM message").splitlines()}
    seen, bodies, accepted, at_sink, unmarked = collections.Counter(), {}, set(), 0, 0
    for request in world.sink.requests:
        key = (request.place, request.ref)
        seen[key] += 1
        if request.place != "robot" and bodies.setdefault(key, request.body) != request.body:
            say("another body of %s %s: %r, before %r" % (*key, request.body, bodies[key]))
            unmarked += 1
        if key in accepted:
            at_sink += 1
            if not request.marked:
                say("a repetition without its mark: %s %s: %r" % (*key, request.body.decode()))
            unmarked += not request.marked
        if request.accepted:
            accepted.add(key)
    by_us += sum(1 for key, count in seen.items() if count > tries.get(key, 0))
    return by_us, at_sink, unmarked


CORRUPTED = """SELECT
    (SELECT count(*) FROM delivery) - (SELECT coalesce(max(delivery_no), 0) FROM delivery)
  + (SELECT count(*) FROM message m WHERE (m.state = 'acknowledged') <>
       EXISTS (SELECT FROM delivery d WHERE d.message_id = m.message_id AND d.class = 'acknowledged'))
  + (SELECT count(*) FROM message m WHERE m.attempts <> (SELECT count(*) FROM delivery d
       WHERE d.message_id = m.message_id))
  + (SELECT count(*) FROM (SELECT lag(case_key || event) OVER w AS before, case_key, event FROM message
       WINDOW w AS (PARTITION BY case_key, channel, recipient ORDER BY message_id)) x
       WHERE event = 'opened' AND before IS NOT NULL AND before NOT LIKE '%closed')
  + (SELECT count(*) FROM finding f WHERE NOT EXISTS (SELECT FROM finding_event e
       WHERE e.finding_id = f.finding_id AND e.event IN ('opened', 'reopened')))"""


def kill_all(world, config, rounds, span):
    plan, until, kills = random.Random(SEED), time.monotonic() + MINUTES * 60, 0
    while kills < KILLS and len(rounds.folders) * UNITS_A_ROUND < rounds.units.count:
        if MINUTES and time.monotonic() > until:
            break
        kills += one_kill(world, config, rounds, plan, span)
    return kills


def main():
    say("seed %d, %d kills" % (SEED, KILLS))
    world = World()
    try:
        world.sink = Sink(SEED + 1)
        config = world.config("kills", world.sink.url)
        rounds = Rounds(world)
        world.run(config, "migrate")
        world.start_monitor(config)
        if not wait_until("routes", lambda: world.number("SELECT count(*) FROM route") == len(CHANNELS), 30):
            raise SystemExit("the monitor did not register its routes\n" + world.log_tail())
        span = first_round(world, config, rounds)
        say("a kill comes within %.1f s" % span)
        kills = kill_all(world, config, rounds, span)
        settle(world, config, rounds)
        lost = count_lost(world, calm_run(world, rounds))
        by_us, at_sink, unmarked = count_repeats(world)
        most = most_per_kill(world)
        corrupted = world.number(CORRUPTED) + unmarked + sum(1 for r in world.sink.requests if not r.right)
        for r in world.sink.requests:
            if not r.right:
                say("not right: %s %s %r" % (r.place, r.ref, r.body.decode()))
        messages = world.number("SELECT count(*) FROM message")
        say("%d messages, %d requests at the sink, of which %d accepted" % (
            messages, len(world.sink.requests), sum(1 for r in world.sink.requests if r.accepted)))
    finally:
        if os.environ.get("SETASIDE_KEEP"):
            say("kept: %s %s" % (world.root, world.cluster))
        else:
            world.close()
    for name, value in (("kills", kills), ("messages", messages), ("lost", lost), ("repeated_by_us", by_us),
                        ("repeated_at_sink", at_sink), ("corrupted", corrupted)):
        print("%s %d count" % (name, value))
    return 0 if lost == 0 and by_us == 0 and corrupted == 0 and at_sink <= kills and most <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Six failures of alert delivery, each played against this program and against Alertmanager.

A sink plays the receiver. Alerts come as a person would cause them: `setaside alerts test`, an import and `evaluate`
here, POST /api/v2/alerts there. Every scenario says what a receiver may expect and looks at what arrived; where it
crashes a side, it first makes sure that the side is in the very state it speaks of. Last lines:
peer_failures_passed (ours, of 6) and alertmanager_passed.
"""
import csv
import datetime
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.environ["SETASIDE_SRC"], "tests/lib"))
from kill_test import SECRET, SOURCE, World, kill, say, wait_until  # noqa: E402

PEER = os.environ.get("SETASIDE_ALERTMANAGER") or shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
PATIENCE_S = 60


class Sink:
    """Answers by script: each request takes the next answer, the last one stays. An answer is (status, headers, body),
    or None: everything is read and the connection closed. While down, nobody listens."""

    def __init__(self, *answers):
        self.answers, self.requests, self.lock = list(answers), [], threading.Lock()
        self.server = None
        self.port = 0
        self.up()

    def up(self):
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with sink.lock:
                    answer = sink.answers[min(len(sink.requests), len(sink.answers) - 1)]
                    sink.requests.append((time.monotonic(), dict(self.headers.items()), body.decode(), answer))
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, text = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args):
                pass

        http.server.ThreadingHTTPServer.allow_reuse_address = True
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()

    def wait(self, count, seconds=PATIENCE_S):
        return wait_until("requests", lambda: len(self.requests) >= count, seconds)


OK = (200, {}, '{"errcode":0,"errmsg":"ok"}')


class Ours:
    name = "setaside"

    def __init__(self, world, index):
        self.world, self.database = world, "failures%d" % index
        self.monitor = None

    def begin(self, sink, kind="webhook", group_wait=None):
        def file(name, text):
            path = os.path.join(self.world.root, self.database + "." + name)
            with open(path, "w") as out:
                out.write(text)
            return path

        secret = 'secret-file = "%s"' % file("secret", "whsec_" + SECRET) if kind == "webhook" else ""
        state = os.path.join(self.world.root, self.database + ".state")
        os.mkdir(state)
        self.world.psql("postgres", "CREATE DATABASE " + self.database)
        self.config = file("conf", f'''
database {{ dsn = "host={self.world.cluster} port={self.world.port} user=postgres dbname={self.database}" }}
state = "{state}"
jurisdiction = "beijing-xicheng"
api {{ listen = "unix:{self.world.root}/{self.database}.sock" }}
channel "hook" {{ kind = {kind}  url-file = "{file("url", "http://127.0.0.1:%d/" % sink.port)}"  {secret}
  tls = none  allow = {{ "127.0.0.1" }}  timeout = 2s  retry-first = 300ms  retry-cap = 2s }}
route "all" {{ rules = {{ "*" }}  units = {{ "*" }}  channels = {{ "hook" }} }}
''')
        self.world.run(self.config, "migrate")
        self.start()

    def start(self):
        self.monitor = self.world.start(self.config, "monitor")
        registered = lambda: self.world.psql(self.database, "SELECT count(*) FROM route") == "1"  # noqa: E731
        if not wait_until("routes", registered, PATIENCE_S):
            raise SystemExit("the monitor did not start\n" + self.world.log_tail())

    def crash(self):
        kill(self.monitor)

    def alert(self):
        self.world.run(self.config, "alerts", "test", "hook")

    def count(self, state):
        return int(self.world.psql(self.database, "SELECT count(*) FROM message WHERE state IN (%s)" % state))

    def recorded(self):
        return wait_until("record", lambda: self.count("'acknowledged'") == 1, PATIENCE_S)

    def refuse_records(self):
        """From now on no outcome can be committed."""
        self.world.psql(self.database, """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no record now'; END $$""")
        self.world.psql(self.database, """CREATE TRIGGER refuse BEFORE INSERT ON delivery
            FOR EACH ROW EXECUTE FUNCTION refuse()""")

    def take_records(self):
        self.world.psql(self.database, "DROP TRIGGER refuse ON delivery")

    def told_and_not_recorded(self):
        """The answer was read, its record was refused: the database takes the message for one under way."""
        refused = lambda: "no record now" in self.world.log_tail()  # noqa: E731
        return wait_until("a refused record", refused, PATIENCE_S) and self.count("'sending'") == 1

    def accepted_and_not_told(self):
        return self.count("'queued', 'sending', 'retry', 'unknown'") == 1

    def repost(self):
        """Nobody has to: the outbox remembers."""

    def end(self):
        kill(self.monitor)

    # What the six scenarios ask of a request
    @staticmethod
    def identity(request):
        return request[1].get("webhook-id")

    @staticmethod
    def marked(request):
        return request[1].get("setaside-maybe-repeated") == "1"

    def open_and_close(self, sink):
        """An overdue unit whose debts are then paid, all while nobody listens."""
        sink.down()
        self.crash()
        folder = os.path.join(self.world.root, "open-close")
        shutil.copytree(os.path.join(SOURCE, "tests/golden/district"), folder, ignore=shutil.ignore_patterns("*.json"))
        today = datetime.date.today()
        tomorrow = today + datetime.timedelta(1)  # a unit is told once a day
        self.world.run(self.config, "import", folder)
        self.world.run(self.config, "evaluate", "--as-of", today.isoformat())
        self.unit = self.world.psql(self.database, """SELECT unit_code FROM finding WHERE code = 'arrears-overdue'
            AND state <> 'closed' GROUP BY 1 ORDER BY count(*), 1 LIMIT 1""")
        owed = [line.split("|") for line in self.world.psql(self.database, """SELECT obligation_no, contract_no,
            outstanding_fen FROM obligation_state WHERE unit_code = '%s' AND overdue_fen > 0""" % self.unit).splitlines()]
        path = os.path.join(folder, "payment.csv")
        with open(path, newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            fields, rows = reader.fieldnames, list(reader)
        for number, contract, fen in owed:
            row = dict.fromkeys(fields, "")
            row.update(voucher_no="PROOF-" + number, contract_no=contract, obligation_no=number, unit_code=self.unit,
                       amount_yuan="%d.%02d" % (int(fen) // 100, int(fen) % 100), voucher_on=today.isoformat(),
                       cleared_on=today.isoformat(), received_on=today.isoformat(), instrument="cash")
            rows.append({key: row.get(key, "") for key in fields})
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)
        self.world.run(self.config, "import", folder)
        self.world.run(self.config, "evaluate", "--as-of", tomorrow.isoformat())
        self.start()
        time.sleep(2)  # the outage is felt
        sink.up()

    def told_open_and_closed(self, request_bodies):
        said = set()
        for body in request_bodies:
            data = json.loads(body)["data"]
            if data["case"] == "arrears/" + self.unit:
                said.add(data["event"])
                said.update(item["event"] for item in data.get("preceded", []))
        return {"opened", "closed"} <= said


class Peer:
    name = "alertmanager"

    def __init__(self, root, index):
        self.root = os.path.join(root, "peer%d" % index)
        os.mkdir(self.root)

    def begin(self, sink, kind="webhook", group_wait="1s"):
        with open(os.path.join(self.root, "conf.yml"), "w") as file:
            file.write(f'''
route: {{ receiver: hook, group_wait: {group_wait}, group_interval: 1s, repeat_interval: 24h, group_by: [alertname] }}
receivers: [ {{ name: hook, webhook_configs: [ {{ url: "http://127.0.0.1:{sink.port}/", send_resolved: true }} ] }} ]
''')
        self.port = free_port()
        self.start()

    def start(self):
        log = open(os.path.join(self.root, "log"), "a")
        self.process = subprocess.Popen(
            [PEER, "--config.file=conf.yml", "--storage.path=data", "--cluster.listen-address=",
             "--web.listen-address=127.0.0.1:%d" % self.port], cwd=self.root, stdout=log, stderr=log)

        def ready():
            try:
                return urllib.request.urlopen("http://127.0.0.1:%d/-/ready" % self.port, timeout=2).status == 200
            except OSError:
                return False

        if not wait_until("peer", ready, PATIENCE_S):
            raise SystemExit("Alertmanager did not start: " + self.root)

    def crash(self):
        kill(self.process)

    def post(self, **more):
        alert = {"labels": {"alertname": "SmeArrearsOpen", "unit_id": "026"}, "annotations": {"summary": "proof"}}
        alert.update(more)
        request = urllib.request.Request("http://127.0.0.1:%d/api/v2/alerts" % self.port, json.dumps([alert]).encode(),
                                         {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def alert(self):
        self.post()

    def recorded(self):
        return True  # it records nothing that could be asked for

    def refuse_records(self):
        """Nothing to refuse."""

    def take_records(self):
        """Nothing was refused."""

    def told_and_not_recorded(self):
        return True

    def accepted_and_not_told(self):
        return True  # the request was answered with 200

    def repost(self):
        """Its clients post again what stands."""
        self.post()

    def end(self):
        kill(self.process)

    identity = staticmethod(lambda request: request[1].get("X-Message-Id") or request[1].get("webhook-id"))
    marked = staticmethod(lambda request: False)

    def open_and_close(self, sink):
        sink.down()
        self.post()
        time.sleep(3)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.post(endsAt=now)
        time.sleep(12)
        sink.up()

    def told_open_and_closed(self, bodies):
        return any(json.loads(body)["alerts"] for body in bodies)


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def reached(what, holds):
    if not holds:
        say("the state was not reached: " + what)
    return holds


def crash_after_notify(side):
    """Told, the answer read, and a crash before it could be put on record: told once, not again, and recorded after all."""
    sink = Sink(OK)
    side.begin(sink)
    side.refuse_records()
    side.alert()
    if not reached("told and not recorded", sink.wait(1) and side.told_and_not_recorded() and len(sink.requests) == 1):
        return False
    side.crash()
    side.take_records()
    side.start()
    side.repost()
    recorded = side.recorded()
    time.sleep(8)
    return recorded and len(sink.requests) == 1


def open_and_close_in_an_outage(side):
    """Opened and closed while the receiver was away: it is told of both afterwards."""
    sink = Sink(OK)
    side.begin(sink)
    side.open_and_close(sink)
    return wait_until("told", lambda: side.told_open_and_closed([r[2] for r in sink.requests]), 30)


def success_with_an_error_inside(side):
    """HTTP 200 whose body says busy: not delivered, sent again."""
    sink = Sink((200, {}, '{"errcode":-1,"errmsg":"system busy"}'), OK)
    side.begin(sink, kind="wecom")
    side.alert()
    return sink.wait(2, 20)


def too_many_requests(side):
    """429 with Retry-After: waited for, then delivered."""
    sink = Sink((429, {"Retry-After": "4"}, "slow"), OK)
    side.begin(sink)
    side.alert()
    return sink.wait(2, 25) and sink.requests[1][0] - sink.requests[0][0] >= 3.9


def crash_right_after_acceptance(side):
    """Accepted while the receiver is away, then a crash before anything was told: told after the restart, once."""
    sink = Sink(OK)
    side.begin(sink, group_wait="5s")
    sink.down()
    side.alert()
    side.crash()
    if not reached("accepted and not told", side.accepted_and_not_told() and not sink.requests):
        return False
    sink.up()
    side.start()
    told = sink.wait(1, 45)
    time.sleep(3)
    return told and side.recorded() and len(sink.requests) == 1


def connection_lost_after_the_body(side):
    """All was sent and no answer came: sent again, same id, marked, so that a receiver can tell."""
    sink = Sink(None, OK)
    side.begin(sink)
    side.alert()
    if not sink.wait(2, 25):
        return False
    first, second = sink.requests[:2]
    return side.identity(first) is not None and side.identity(first) == side.identity(second) and side.marked(second)


SCENARIOS = (crash_after_notify, open_and_close_in_an_outage, success_with_an_error_inside, too_many_requests,
             crash_right_after_acceptance, connection_lost_after_the_body)


def play(scenario, side):
    try:
        return bool(scenario(side))
    finally:
        side.end()


def main():
    world = World()
    peer_root = tempfile.mkdtemp(prefix="setaside-peer-")
    ours = theirs = 0
    try:
        if not PEER:
            say("prometheus-alertmanager is not installed: only this program is tried")
        for index, scenario in enumerate(SCENARIOS):
            result = play(scenario, Ours(world, index))
            ours += result
            line = "%-34s setaside %s" % (scenario.__name__, "passed" if result else "FAILED")
            if PEER:
                other = play(scenario, Peer(peer_root, index))
                theirs += other
                line += ", alertmanager %s" % ("passed" if other else "failed")
            say(line)
            if not result:
                say(world.log_tail())
    finally:
        world.close()
        shutil.rmtree(peer_root, ignore_errors=True)
    print("peer_failures_passed %d count" % ours)
    if PEER:
        print("alertmanager_passed %d count" % theirs)
    return 0 if ours == len(SCENARIOS) else 1


if __name__ == "__main__":
    sys.exit(main())

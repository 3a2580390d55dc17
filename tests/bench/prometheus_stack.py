"""The do-it-yourself peer of tests/bench/alerts: SQL exporter, Prometheus and Alertmanager at their fastest, 1 s each."""
import os
import shutil
import socket
import subprocess
import time
import urllib.request

EXPORTER = shutil.which("prometheus-sql-exporter")
PROMETHEUS = shutil.which("prometheus")

RULES = """groups: [ { name: arrears, rules: [ { alert: SmeArrearsOpen, expr: 'sql_overdue > 0' } ] } ]
"""
SCRAPE = """global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ rules.yml ]
scrape_configs: [ { job_name: sql, static_configs: [ { targets: [ "127.0.0.1:%d" ] } ] } ]
alerting: { alertmanagers: [ { static_configs: [ { targets: [ "127.0.0.1:%d" ] } ] } ] }
"""
ROUTE = """route: { receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 24h, group_by: [unit] }
receivers: [ { name: hook, webhook_configs: [ { url: "http://127.0.0.1:%d/" } ] } ]
"""
JOBS = """jobs:
- name: arrears
  interval: 1s
  connections: [ "postgres://postgres@127.0.0.1:%s/%s?sslmode=disable" ]
  queries:
  - { name: overdue, help: overdue, labels: [ unit ], values: [ fen ],
      query: "SELECT unit, fen::float AS fen FROM public.overdue WHERE fen > 0" }
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PrometheusStack:
    def __init__(self, root, database_port, database, hook_port, alertmanager):
        self.folder = os.path.join(root, "stack")
        os.mkdir(self.folder)
        exporter, prometheus, manager = free_port(), free_port(), free_port()
        for name, text in (("rules.yml", RULES), ("prometheus.yml", SCRAPE % (exporter, manager)),
                           ("route.yml", ROUTE % hook_port), ("sql.yml", JOBS % (database_port, database))):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        self.processes = [
            self._run(EXPORTER, "-config.file=sql.yml", "-web.listen-address=127.0.0.1:%d" % exporter),
            self._run(alertmanager, "--config.file=route.yml", "--storage.path=am", "--cluster.listen-address=",
                      "--web.listen-address=127.0.0.1:%d" % manager),
            self._run(PROMETHEUS, "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
                      "--web.listen-address=127.0.0.1:%d" % prometheus)]
        self._await("http://127.0.0.1:%d/-/ready" % manager)
        self._await("http://127.0.0.1:%d/-/ready" % prometheus)

    def _run(self, *command):
        with open(os.path.join(self.folder, "log"), "a") as log:
            return subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)

    @staticmethod
    def _await(url):
        for _ in range(120):
            try:
                if urllib.request.urlopen(url, timeout=2).status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.5)
        raise SystemExit("%s does not come up" % url)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()

"""Starts the real binary for the tests of this folder; every server is stopped by its own process id."""
import base64
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("APUS_BINARY", ROOT / ".build/release/apus"))
READY = re.compile(r"^apus is ready: mqtt \S+?:(\d+), rest \S+?:(\d+)")
START_SECONDS = 60


class Server:
    """One `apus serve` on ports of its own; `settings` are configuration keys."""

    def __init__(self, folder, **settings):
        self.folder = pathlib.Path(folder)
        self.settings = {
            "enable_mqtt_service": "true", "mqtt_host": "127.0.0.1", "mqtt_port": "0", "rest_service_port": "0",
            "data_dir": str(self.folder / "data"), **{k: str(v) for k, v in settings.items()}}
        self.log = self.folder / "server.log"
        self.process = None

    def start(self):
        command = [str(BINARY), "serve"]
        for key, value in self.settings.items():
            command += ["--set", f"{key}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, cwd=self.folder, stdin=subprocess.DEVNULL,
                env={k: v for k, v in os.environ.items() if not k.startswith(("IOTDB_", "MQTT_"))})
        self.mqtt_port, self.rest_port = self._wait_until_ready()
        return self

    def _wait_until_ready(self):
        timer = threading.Timer(START_SECONDS, self.process.kill)
        timer.start()
        try:
            for line in self.process.stdout:
                found = READY.match(line.decode())
                if found:
                    return int(found.group(1)), int(found.group(2))
        finally:
            timer.cancel()
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self):
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self):
        """SIGTERM, and the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number):
        if self.process is None:
            return None
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process = None
        return code

    def rest(self, path, body, user="root", password="root"):
        """POSTs JSON; returns (HTTP status, decoded body)."""
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.rest_port}{path}", data=json.dumps(body).encode(),
            headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def query(self, sql, row_limit=1_000_000):
        """The rows of a query: tuples with the time first where there is one."""
        status, answer = self.rest("/rest/v2/query", {"sql": sql, "row_limit": row_limit})
        assert status == 200 and "values" in answer, answer
        columns = list(answer["values"])
        if answer["timestamps"] is not None:
            columns.insert(0, answer["timestamps"])
        return list(zip(*columns)) if columns else []

    def execute(self, sql):
        status, answer = self.rest("/rest/v2/nonQuery", {"sql": sql})
        assert status == 200 and answer["code"] == 200, answer

    def tsfiles(self):
        return sorted((self.folder / "data" / "tsfiles").rglob("*.tsfile"))


@pytest.fixture
def serve(tmp_path):
    """A function that starts a server in a folder of the test; all of them are stopped at its end."""
    with contextlib.ExitStack() as stack:
        def start(folder=None, **settings):
            folder = pathlib.Path(folder or tmp_path)
            folder.mkdir(parents=True, exist_ok=True)
            server = Server(folder, **settings)
            stack.callback(server.kill)
            return server.start()
        yield start


@pytest.fixture
def server(serve):
    return serve()

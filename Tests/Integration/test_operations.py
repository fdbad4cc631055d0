"""Start, stop, configuration and the command line of the real binary."""
import concurrent.futures
import json
import subprocess
import time

import pytest

from conftest import BINARY
from mqtt import Publisher, row
from test_behaviour import Raw, connect_packet


def apus(*arguments, **options):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=60, **options)


def sql(server, *arguments, **options):
    return apus("sql", "-p", server.rest_port, "-u", "root", "-pw", "root", *arguments, **options)


def test_stops_cleanly_with_clients_connected(server):
    publisher = Publisher(server.mqtt_port).wait_connected()
    publisher.publish(row("root.sg.d1", 1, s=1))
    idle = Raw(server.mqtt_port).send(connect_packet("idle"))
    assert idle.receive() == (0x20, b"\0\0")
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 10, "the design promises a stop within 10 s"
    publisher.client.loop_stop()
    assert server.tsfiles(), "a clean stop flushes"
    server.start()
    assert server.query("select s from root.sg.d1") == [(1, 1.0)]


def test_a_data_folder_has_one_owner(server):
    second = apus("serve", "--set", f"data_dir={server.folder / 'data'}", "--set", "rest_service_port=0", cwd=server.folder)
    assert second.returncode != 0
    assert "data" in second.stderr and "LOCK" in second.stderr


@pytest.mark.parametrize("key, value, expected", [
    ("enable_mqtt_service", "yes", ["enable_mqtt_service", "yes", "true"]),
    ("mqtt_port", "70000", ["mqtt_port", "70000", "65535"]),
    ("mqtt_payload_formatter", "xml", ["mqtt_payload_formatter", "xml", "json"]),
    ("timestamp_precision", "s", ["timestamp_precision", "ms"]),
])
def test_c12_bad_values_stop_the_start(tmp_path, key, value, expected):
    file = tmp_path / "iotdb-engine.properties"
    file.write_text(f"# first line\n{key}={value}\n")
    done = apus("serve", "--config", file, cwd=tmp_path)
    assert done.returncode != 0
    for word in [*expected, str(file), "2"]:
        assert word in done.stderr
    assert not (tmp_path / "data").exists()


def test_precision_cannot_change_once_data_exists(server):
    publisher = Publisher(server.mqtt_port).wait_connected()
    publisher.publish(row("root.sg.d1", 1, s=1))
    publisher.close()
    server.stop()
    server.settings["timestamp_precision"] = "ns"
    with pytest.raises(AssertionError) as failure:
        server.start()
    assert "timestamp_precision" in str(failure.value)


def test_two_thousand_logins_at_once(server):
    sockets = [Raw(server.mqtt_port) for _ in range(2_000)]
    began = time.monotonic()
    for index, raw in enumerate(sockets):
        raw.send(connect_packet(f"fleet-{index}"))
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda raw: raw.receive(), sockets))
    assert answers == [(0x20, b"\0\0")] * 2_000
    assert time.monotonic() - began < 30
    for raw in sockets:
        raw.socket.close()


def test_password_change_through_the_server_and_on_a_stopped_folder(server):
    done = apus("user", "passwd", "root", "-p", server.rest_port, "-pw", "root", input="new-secret\nnew-secret\n")
    assert done.returncode == 0, done.stderr
    assert server.rest("/rest/v2/query", {"sql": "show databases"})[0] == 401
    assert server.rest("/rest/v2/query", {"sql": "show databases"}, password="new-secret")[0] == 200
    server.stop()
    done = apus("user", "passwd", "root", "--data-dir", server.folder / "data", input="third-secret\nthird-secret\n")
    assert done.returncode == 0, done.stderr
    server.start()
    assert server.rest("/rest/v2/query", {"sql": "show databases"}, password="third-secret")[0] == 200


def test_sql_command_line(server):
    publisher = Publisher(server.mqtt_port).wait_connected()
    publisher.publish({"device": "root.sg.d1", "timestamps": [1, 2], "measurements": ["s1", "s2"],
                       "values": [[1.5, "a"], [None, 'b,"c']]})
    publisher.close()
    table = sql(server, "-e", "select s1, s2 from root.sg.d1")
    assert table.returncode == 0 and "root.sg.d1.s1" in table.stdout and "Total line number = 2" in table.stdout
    csv_text = sql(server, "--format", "csv", "-e", "select s1, s2 from root.sg.d1").stdout
    assert csv_text.splitlines() == ["Time,root.sg.d1.s1,root.sg.d1.s2", "1,1.5,a", '2,,"b,""c"']
    rows = json.loads(sql(server, "--format", "json", "-e", "select s1 from root.sg.d1").stdout)
    assert rows == [{"Time": 1, "root.sg.d1.s1": 1.5}]
    piped = sql(server, input="show databases;\ncount timeseries;\n")
    assert piped.returncode == 0 and "root.sg" in piped.stdout
    bad = sql(server, "-e", "selec")
    assert bad.returncode == 1 and "700" in bad.stderr
    assert apus("sql", "-p", 1, "-e", "show databases").returncode == 3


def test_help_and_version():
    for command in ("serve", "sql", "check-config", "config", "user", "bench", "version"):
        done = apus(command, "--help")
        assert done.returncode == 0 and len(done.stdout) > 200, command
    assert apus("version").stdout.startswith("apus ")
    assert apus("frobnicate").returncode != 0


def test_idle_memory(server):
    status = open(f"/proc/{server.process.pid}/status").read()
    resident = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
    print(f"idle: {resident / 1024:.1f} MiB resident")
    assert resident < 100 * 1024

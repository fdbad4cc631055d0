"""Clients that we did not write publish; the rows are read back by SQL."""
import json
import pathlib
import shutil
import subprocess

import paho.mqtt.client as paho
import pytest

from mqtt import Publisher, row

HERE = pathlib.Path(__file__).resolve().parent
MANUAL_ROW = {"device": "root.sg.d1", "timestamp": 1586076045524, "measurements": ["s1", "s2"],
              "values": [0.530635, 0.530635]}
MANUAL_BATCH = {"device": "root.sg.d1", "timestamps": [1586076045524, 1586076065526], "measurements": ["s1", "s2"],
                "values": [[0.530635, 0.530635], [0.530655, 0.530695]]}


@pytest.mark.parametrize("version", [paho.MQTTv31, paho.MQTTv311, paho.MQTTv5])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_paho_publishes_the_manuals_messages(server, version, qos):
    publisher = Publisher(server.mqtt_port, version, client_id="paho").wait_connected()
    publisher.publish(MANUAL_ROW, topic="root.sg.d1.s1", qos=qos)
    publisher.publish(MANUAL_BATCH, topic="root.sg.d1.s1", qos=qos)
    # A QoS 1 publish after them: its acknowledgement means that the earlier ones of the connection are stored, too.
    publisher.publish(row("root.sg.d1", 1, s1=1), qos=1)
    publisher.close()
    assert server.query("select s1, s2 from root.sg.d1") == [
        (1, 1.0, None), (1586076045524, 0.530635, 0.530635), (1586076065526, 0.530655, 0.530695)]


@pytest.mark.parametrize("version", ["mqttv31", "mqttv311", "mqttv5"])
@pytest.mark.parametrize("qos", [1, 2])
def test_mosquitto_pub_publishes(server, version, qos):
    subprocess.run(
        ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(server.mqtt_port), "-V", version, "-i", "mosq", "-u", "root",
         "-P", "root", "-q", str(qos), "-t", "root.sg.d1.s1", "-m", json.dumps(MANUAL_BATCH)], check=True, timeout=30)
    assert server.query("select count(s1) from root.sg.d1") == [(2,)]


JARS = [f"/usr/share/java/{name}.jar" for name in ("mqtt-client", "hawtdispatch", "hawtdispatch-transport", "hawtbuf")]


@pytest.fixture(scope="session")
def manual_example(tmp_path_factory):
    """The manual's Java example compiled against Debian's libmqtt-client-java."""
    folder = tmp_path_factory.mktemp("java")
    shutil.copy(HERE / "java/ManualExample.java", folder)
    subprocess.run(["javac", "-cp", ":".join(JARS), "ManualExample.java"], cwd=folder, check=True, timeout=120)
    return folder


def run_example(folder, server, *arguments):
    done = subprocess.run(
        ["java", "-cp", ":".join([str(folder), *JARS]), "ManualExample", str(server.mqtt_port), *arguments],
        check=True, timeout=120, capture_output=True, text=True)
    return [int(line) for line in done.stdout.split()]


def test_the_manuals_java_example_stores_every_distinct_time(server, manual_example):
    times = run_example(manual_example, server)
    assert len(times) == 10
    rows = server.query("select s1 from root.sg.d1")
    assert [time for time, _ in rows] == sorted(set(times))


def test_the_manuals_java_example_with_spaced_times_stores_ten_rows(server, manual_example):
    times = run_example(manual_example, server, "spaced")
    assert len(set(times)) == 10
    assert [time for time, _ in server.query("select s1 from root.sg.d1")] == sorted(times)


def test_no_password_wrong_password_and_anonymous(server):
    for user, password in (("root", "wrong"), ("nobody", "root")):
        publisher = Publisher(server.mqtt_port, paho.MQTTv5, user=user, password=password)
        publisher.wait_connected()
        assert publisher.connect_reason.value == 0x86
        publisher.client.loop_stop()

"""A disk that is full: no false acknowledgement, reads go on, and writing resumes by itself when there is room (promise P8)."""
import os
import subprocess
import threading

import paho.mqtt.client as paho
import pytest

from mqtt import Publisher, row

SIZE = 24 << 20


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of its own, of 24 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_full_and_free_again(serve, small_disk):
    server = serve(small_disk)
    publisher = Publisher(server.mqtt_port, paho.MQTTv5).wait_connected()
    device = "root.full.d"
    for time in range(50):
        reason, _ = publisher.publish(row(device, time, n=time))
        assert not reason.is_failure
    stored = server.query(f"select n from {device}")
    assert len(stored) == 50
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65_536)
        except OSError:
            pass
        try:
            while True:
                file.write(b"x" * 512)
        except OSError:
            pass
    # Rows with texts, until the log's last page is used up: from then on there is no acknowledgement.
    mids = {}
    for time in range(1_000, 1_200):
        if publisher.disconnected.is_set():
            break
        mids[publisher.send(row(device, time, n=time, t="y" * 2_000))] = time
    # The server may end the connection or let it wait.
    publisher.disconnected.wait(2)
    with publisher.changed:
        acknowledged = {mids[mid] for mid, (reason, _) in publisher.acknowledged.items() if mid in mids and not reason.is_failure}
        assert not any(reason.is_failure for reason, _ in publisher.acknowledged.values()), "a failure code ends the exchange"
    assert len(acknowledged) < 200
    # Reads go on.
    assert set(stored) <= set(server.query(f"select n from {device}"))
    ballast.unlink()
    # Writing resumes without anybody's help.
    resumed = threading.Event()
    for _ in range(60):
        again = Publisher(server.mqtt_port)
        try:
            again.wait_connected()
            mid = again.send(row(device, 5_000, n=5_000))
            with again.changed:
                if again.changed.wait_for(lambda: mid in again.acknowledged, 1):
                    resumed.set()
        finally:
            again.close()
        if resumed.is_set():
            break
    assert resumed.is_set()
    publisher.client.loop_stop()
    found = dict(server.query(f"select n from {device}"))
    assert acknowledged <= found.keys() and 5_000 in found
    server.kill()
    server.start()
    found = dict(server.query(f"select n from {device}"))
    assert acknowledged <= found.keys() and 5_000 in found and all(time == value for time, value in found.items())

"""The behaviour vectors of the payload specification (section 12.4) against the real binary."""
import json
import pathlib
import socket
import struct

import paho.mqtt.client as paho
import pytest

from mqtt import Publisher, row


def packet(kind, body):
    length, out = len(body), bytearray([kind])
    while True:
        length, digit = divmod(length, 128)
        out.append(digit | (128 if length else 0))
        if not length:
            return bytes(out) + body


def text(value):
    data = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(data)) + data


def connect_packet(client="raw", user="root", password="root", level=4, keep_alive=60):
    properties = b"\0" if level == 5 else b""
    return packet(0x10, text("MQTT") + bytes([level, 0xC2]) + struct.pack(">H", keep_alive) + properties + text(client)
                  + text(user) + text(password))


def publish_packet(payload, identifier=1, qos=1, topic="t", level=4, duplicate=False):
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    head = text(topic) + (struct.pack(">H", identifier) if qos else b"") + (b"\0" if level == 5 else b"")
    return packet(0x30 | qos << 1 | (8 if duplicate else 0), head + data)


class Raw:
    """A socket that speaks bytes."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))
        return self

    def receive(self):
        """One packet: (first byte, body); None at the end of the connection."""
        try:
            first = self.socket.recv(1)
            if not first:
                return None
            length = shift = 0
            while True:
                digit = self.socket.recv(1)[0]
                length |= (digit & 127) << shift
                shift += 7
                if digit < 128:
                    break
            body = b""
            while len(body) < length:
                body += self.socket.recv(length - len(body))
            return first[0], body
        except ConnectionResetError:
            return None


def count(server, device="root.sg.d1"):
    return server.query(f"select count(s) from {device}")


def test_c1_killed_right_after_the_acknowledgement(server):
    raw = Raw(server.mqtt_port).send(connect_packet())
    assert raw.receive() == (0x20, b"\0\0")
    raw.send(publish_packet(row("root.sg.d1", 1, s=1)))
    assert raw.receive() == (0x40, b"\0\1")
    server.kill()
    server.start()
    assert server.query("select s from root.sg.d1") == [(1, 1.0)]


def test_c2_ten_thousand_publishes_to_one_time_keep_their_order(serve):
    server = serve(mqtt_handler_pool_size=4)
    publisher = Publisher(server.mqtt_port).wait_connected()
    for value in range(10_000):
        last = publisher.send(row("root.sg.d1", 5, s=value))
    publisher.wait(last)
    publisher.close()
    assert server.query("select s from root.sg.d1") == [(5, 9999.0)]


def test_c3_c4_connect_publish_and_disconnect_in_one_segment(server):
    raw = Raw(server.mqtt_port)
    raw.send(connect_packet(), publish_packet(row("root.sg.d1", 1, s=1)), publish_packet(row("root.sg.d1", 2, s=1), 2))
    assert raw.receive() == (0x20, b"\0\0")
    assert raw.receive() == (0x40, b"\0\1")
    assert raw.receive() == (0x40, b"\0\2")
    raw.send(publish_packet(row("root.sg.d1", 3, s=1), 3), packet(0xE0, b""))
    while raw.receive() is not None:
        pass
    Publisher(server.mqtt_port).wait_connected().publish(row("root.sg.d1", 4, s=1))
    assert count(server) == [(4,)]


def test_c5_empty_client_id_on_mqtt_5(server):
    publisher = Publisher(server.mqtt_port, paho.MQTTv5).wait_connected()
    assert publisher.connect_properties.AssignedClientIdentifier
    reason, _ = publisher.publish(row("root.sg.d1", 1, s=1))
    assert reason.value == 0
    publisher.close()
    assert count(server) == [(1,)]


def make_user(server, name, *privileges):
    server.execute(f"create user {name} 'secret-1'")
    for privilege, path in privileges:
        server.execute(f"grant {privilege} on {path} to user {name}")


def test_c6_identity_belongs_to_the_connection(server):
    make_user(server, "alice", ("write", "root.a.**"), ("manage_database", "root.**"))
    make_user(server, "bobby", ("write", "root.b.**"))
    alice = Publisher(server.mqtt_port, paho.MQTTv5, "alice", "secret-1", client_id="x").wait_connected()
    assert alice.publish(row("root.a.d", 1, s=1))[0].value == 0
    bobby = Publisher(server.mqtt_port, paho.MQTTv5, "bobby", "secret-1", client_id="x").wait_connected()
    reason, properties = bobby.publish(row("root.a.d", 2, s=1))
    assert reason.value == 0x87
    assert "WRITE_DATA" in properties.ReasonString
    assert count(server, "root.a.d") == [(1,)]
    alice.client.loop_stop()
    bobby.close()


def test_c11_one_forbidden_series_refuses_the_row(server):
    make_user(server, "alice", ("write", "root.a.d.s"), ("manage_database", "root.**"))
    alice = Publisher(server.mqtt_port, paho.MQTTv5, "alice", "secret-1").wait_connected()
    assert alice.publish(row("root.a.d", 1, s=1, t=1))[0].value == 0x87
    assert alice.publish(row("root.a.d", 2, s=1))[0].value == 0
    alice.close()
    assert server.query("select * from root.a.d") == [(2, 1.0)]


def test_c8_a_slow_disk_does_not_lose_what_was_acknowledged(serve):
    # Every commit waits 20 ms before its sync, so a fast publisher runs into the limit of 64 KiB in flight.
    server = serve(wal_sync_mode_fsync_delay_in_ms=20, mqtt_queue_max_bytes=65_536)
    publisher = Publisher(server.mqtt_port, inflight=20_000).wait_connected()
    for time in range(20_000):
        last = publisher.send(row("root.sg.d1", time, s=time))
    publisher.wait(last)
    publisher.close()
    assert count(server) == [(20_000,)]


@pytest.mark.parametrize("level", [4, 5])
def test_c9_packet_size_limit(serve, level):
    server = serve(mqtt_max_message_size=1000)
    small = json.dumps(row("root.sg.d1", 1, s=1)).encode()
    overhead = len(publish_packet(b"", level=level)) - 2
    exact = Raw(server.mqtt_port).send(connect_packet(level=level))
    assert exact.receive()[0] == 0x20
    exact.send(publish_packet(small + b" " * (1000 - overhead - len(small)), level=level))
    assert exact.receive()[0] == 0x40
    exact.send(publish_packet(small + b" " * (1001 - overhead - len(small)), level=level))
    if level == 5:
        kind, body = exact.receive()
        assert (kind, body[0]) == (0xE0, 0x95)
    assert exact.receive() is None
    assert count(server) == [(1,)]


def test_c14_a_repeated_qos_2_publish_is_stored_once(server):
    raw = Raw(server.mqtt_port).send(connect_packet())
    raw.receive()
    raw.send(publish_packet(row("root.sg.d1", 1, s=1), 7, qos=2))
    assert raw.receive() == (0x50, b"\0\7")
    # The same identifier with another time: were it handled again, there would be a second row.
    raw.send(publish_packet(row("root.sg.d1", 2, s=1), 7, qos=2, duplicate=True))
    assert raw.receive() == (0x50, b"\0\7")
    raw.send(packet(0x62, b"\0\7"))
    assert raw.receive() == (0x70, b"\0\7")
    raw.send(publish_packet(row("root.sg.d1", 3, s=1), 7, qos=2))
    assert raw.receive() == (0x50, b"\0\7")
    assert [time for time, _ in server.query("select s from root.sg.d1")] == [1, 3]


def test_c7_connections_leave_no_memory_behind(server):
    def resident():
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))

    def connect(start, number):
        for index in range(start, start + number):
            raw = Raw(server.mqtt_port).send(connect_packet(f"client-{index}"))
            assert raw.receive() == (0x20, b"\0\0")
            # Cut, not closed: a reset, as when a link dies.
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.socket.close()

    connect(0, 5_000)
    warm = resident()
    connect(5_000, 95_000)
    # 95 000 ids that were kept would be tens of megabytes; allocator noise is not.
    assert resident() - warm < 4_096


def test_refusals_are_told_counted_and_kept(server):
    publisher = Publisher(server.mqtt_port, paho.MQTTv5, client_id="field").wait_connected()
    reason, properties = publisher.publish(b"{not json", topic="plant/1")
    assert reason.value == 0x99 and "bad_json" in properties.ReasonString
    reason, properties = publisher.publish([row("root.sg.d1", 1, s=1), row("root.sg.123", 1, s=1)], topic="plant/2")
    assert reason.value == 0 and "509" in properties.ReasonString
    publisher.publish(row("root.sg.d1", 2, s=True))
    publisher.close()
    letters = server.query("show dead letters")
    assert len(letters) == 3
    assert "plant/1" in str(letters[0]) and "bad_json" in str(letters[0])
    server.kill()
    server.start()
    assert server.query("show dead letters") == letters
    server.execute("flush")
    server.kill()
    server.start()
    assert server.query("show dead letters") == letters
    assert server.query("select s from root.sg.d1") == [(1, 1.0)]


def test_will_is_stored_like_a_publish(server):
    raw = Raw(server.mqtt_port)
    will = json.dumps(row("root.sg.d1", 9, s=1)).encode()
    body = text("MQTT") + bytes([4, 0xC2 | 0x04 | 0x08]) + b"\0\x3c" + text("w") + text("status") + text(will)
    raw.send(packet(0x10, body + text("root") + text("root")))
    assert raw.receive() == (0x20, b"\0\0")
    raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.socket.close()
    # The will is committed before anything that is published after the server saw the connection end.
    for time in range(1_000):
        Publisher(server.mqtt_port).wait_connected().publish(row("root.sg.other", time, s=1))
        if server.query("select s from root.sg.d1"):
            break
    assert server.query("select s from root.sg.d1") == [(9, 1.0)]

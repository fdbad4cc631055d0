"""Small helpers around paho-mqtt: a connected client, and publishes whose acknowledgement is waited for."""
import json
import threading

import paho.mqtt.client as paho

SECONDS = 30


class Publisher:
    """A paho client that records the reason code of every acknowledgement."""

    def __init__(self, port, version=paho.MQTTv311, user="root", password="root", client_id="", inflight=1000):
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=client_id, protocol=version)
        self.client.username_pw_set(user, password)
        self.client.max_inflight_messages_set(inflight)
        self.connected = threading.Event()
        self.disconnected = threading.Event()
        self.connect_reason = None
        self.disconnect_reason = None
        self.changed = threading.Condition()
        self.acknowledged = {}
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = self._on_disconnect
        self.client.on_publish = self._on_publish
        self.client.connect("127.0.0.1", port, keepalive=60)
        self.client.loop_start()

    def _on_connect(self, client, userdata, flags, reason, properties):
        self.connect_reason = reason
        self.flags = flags
        self.connect_properties = properties
        self.connected.set()

    def _on_disconnect(self, client, userdata, flags, reason, properties):
        self.disconnect_reason = reason
        self.disconnected.set()
        with self.changed:
            self.changed.notify_all()

    def _on_publish(self, client, userdata, mid, reason, properties):
        with self.changed:
            self.acknowledged[mid] = (reason, properties)
            self.changed.notify_all()

    def wait_connected(self):
        assert self.connected.wait(SECONDS), "no CONNACK"
        return self

    def send(self, payload, topic="t", qos=1, retain=False):
        data = payload if isinstance(payload, (bytes, str)) else json.dumps(payload)
        return self.client.publish(topic, data, qos=qos, retain=retain).mid

    def wait(self, mid):
        """(reason, properties) of the acknowledgement of `mid`."""
        with self.changed:
            assert self.changed.wait_for(lambda: mid in self.acknowledged, SECONDS), f"no acknowledgement of {mid}"
            return self.acknowledged[mid]

    def publish(self, payload, **options):
        return self.wait(self.send(payload, **options))

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def row(device, time, **values):
    return {"device": device, "timestamp": time, "measurements": list(values), "values": list(values.values())}

"""kill -9 of the real binary at random moments: every acknowledged row is there after the restart (promise P1).

APUS_CRASH_ROUNDS sets the number of rounds (default 20); APUS_CRASH_SEED repeats a run.
"""
import os
import random
import threading

from mqtt import Publisher, row

ROUNDS = int(os.environ.get("APUS_CRASH_ROUNDS", "20"))
SEED = int(os.environ.get("APUS_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
CONNECTIONS = 4


class SequencePublisher:
    """Publishes rising numbers to one device until the connection breaks; remembers the acknowledged ones."""

    def __init__(self, port, device, start):
        self.device = device
        self.next = start
        self.numbers = {}
        self.publisher = Publisher(port, client_id=device).wait_connected()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        window = threading.Semaphore(50)
        self.publisher.client.on_publish = lambda c, u, mid, reason, properties: self._acknowledged(mid, window)
        self.done = set()
        while not self.publisher.disconnected.is_set():
            if window.acquire(timeout=0.2):
                number = self.next
                self.next += 1
                self.numbers[self.publisher.send(row(self.device, number, n=number), qos=1)] = number

    def _acknowledged(self, mid, window):
        self.done.add(mid)
        window.release()

    def finish(self):
        """Numbers acknowledged before the connection broke, and the first one never used."""
        assert self.publisher.disconnected.wait(30)
        self.thread.join()
        self.publisher.client.loop_stop()
        return {self.numbers[mid] for mid in self.done if mid in self.numbers}, self.next


def test_kill_9_loses_no_acknowledged_row(serve):
    print(f"seed {SEED}, {ROUNDS} rounds")
    generator = random.Random(SEED)
    # Small memtables and segments, so that kills meet flushes and checkpoints, too.
    server = serve(memtable_size_threshold=200_000, wal_segment_size_max=300_000)
    devices = [f"root.crash.d{index}" for index in range(CONNECTIONS)]
    acknowledged = {device: set() for device in devices}
    position = dict.fromkeys(devices, 1)
    for round_number in range(ROUNDS):
        publishers = [SequencePublisher(server.mqtt_port, device, position[device]) for device in devices]
        enough = threading.Event()
        threading.Timer(generator.uniform(0.05, 0.6), enough.set).start()
        enough.wait()
        server.kill()
        for publisher in publishers:
            numbers, position[publisher.device] = publisher.finish()
            acknowledged[publisher.device] |= numbers
        server.start()
        for device in devices:
            if not acknowledged[device]:
                continue
            stored = {time: value for time, value in server.query(f"select n from {device}")}
            missing = sorted(acknowledged[device] - stored.keys())
            assert not missing, f"seed {SEED}, round {round_number}: {device} lost {missing[:10]} of {len(missing)}"
            assert all(time == value for time, value in stored.items())
    total = sum(len(numbers) for numbers in acknowledged.values())
    assert total > ROUNDS, f"only {total} rows were acknowledged; the test did not test anything"

"""kill -9 of the real binary while it flushes, merges files, makes a backup and deletes (promises P1 and P5).

Each round: two publishers, one deleter, one thread that flushes and one that makes backups, then the kill at a random moment. After the
restart every acknowledged row is there unless it was deleted later, no deleted row is, and a backup that has a manifest is whole.
APUS_CRASH_ROUNDS sets the number of rounds (default 20; a quarter of it here); APUS_CRASH_SEED repeats a run.
"""
import http.client
import os
import random
import threading
import urllib.error

from mqtt import Publisher
from test_crash import SEED, SequencePublisher
from test_operations import apus

ROUNDS = max(3, int(os.environ.get("APUS_CRASH_ROUNDS", "20")) // 4)
# Small files and slow merging, so that a kill meets all of it.
SETTINGS = {
    "memtable_size_threshold": 100_000, "wal_segment_size_max": 300_000, "inner_compaction_candidate_file_num": 2,
    "compaction_schedule_interval_in_ms": 100, "compaction_write_throughput_mb_per_sec": 1,
}
GONE = "root.crash.gone"
GONE_ROWS = 2_000
GONE_STEP = 10
BROKEN = (urllib.error.URLError, http.client.HTTPException, OSError, ValueError)


class Loop:
    """Calls `body` in a thread of its own until the server is gone."""

    def __init__(self, body):
        self.body = body
        self.error = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        try:
            while self.body() is not False:
                pass
        except BROKEN:
            pass
        except AssertionError as error:
            self.error = error

    def finish(self):
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.error:
            raise self.error


class Deleter:
    """Deletes rising ranges of `GONE`; what is acknowledged is in `through`, what may have happened up to `attempted`."""

    def __init__(self, server):
        self.server = server
        self.through = 0
        self.attempted = 0

    def step(self):
        if self.through >= GONE_ROWS:
            return False
        self.attempted = max(self.attempted, self.through + GONE_STEP)
        self.server.execute(f"delete from {GONE}.n where time > {self.attempted - GONE_STEP} and time <= {self.attempted}")
        self.through = self.attempted
        return True


class Backups:
    def __init__(self, server, folder):
        self.server = server
        self.folder = folder
        self.count = 0
        self.finished = 0

    def step(self):
        self.count += 1
        self.server.execute(f"backup to '{self.folder / f'backup-{self.count}'}'")
        self.finished += 1

    def check(self):
        """A backup with a manifest is whole, with or without the acknowledgement."""
        whole = [path for path in sorted(self.folder.glob("backup-*")) if (path / "manifest.json").exists()]
        assert len(whole) >= self.finished
        for path in whole[-2:]:
            done = apus("restore", path, "--verify")
            assert done.returncode == 0, f"{path}: {done.stdout}{done.stderr}"
        return len(whole)


def test_kill_9_during_flush_merge_backup_and_deletion(serve, tmp_path):
    print(f"seed {SEED}, {ROUNDS} rounds")
    generator = random.Random(SEED)
    server = serve(**SETTINGS)
    publisher = Publisher(server.mqtt_port).wait_connected()
    for start in range(1, GONE_ROWS + 1, 500):
        times = list(range(start, start + 500))
        publisher.publish({"device": GONE, "timestamps": times, "measurements": ["n"], "values": [[time] for time in times]})
    publisher.close()
    devices = ["root.crash.d0", "root.crash.d1"]
    acknowledged = {device: set() for device in devices}
    position = dict.fromkeys(devices, 1)
    deleter, backups = Deleter(server), Backups(server, tmp_path)
    for number in range(ROUNDS):
        publishers = [SequencePublisher(server.mqtt_port, device, position[device]) for device in devices]
        loops = [Loop(deleter.step), Loop(backups.step), Loop(lambda: server.execute("flush"))]
        enough = threading.Event()
        threading.Timer(generator.uniform(0.2, 1.2), enough.set).start()
        enough.wait()
        server.kill()
        for publisher in publishers:
            numbers, position[publisher.device] = publisher.finish()
            acknowledged[publisher.device] |= numbers
        for loop in loops:
            loop.finish()
        # Everything on the disk agrees with itself before the next start.
        done = apus("check", "--data-dir", server.folder / "data")
        assert done.returncode == 0, f"seed {SEED}, round {number}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        server.start()
        for device in devices:
            stored = {time: value for time, value in server.query(f"select n from {device}")} if acknowledged[device] else {}
            missing = sorted(acknowledged[device] - stored.keys())
            assert not missing, f"seed {SEED}, round {number}: {device} lost {missing[:10]} of {len(missing)}"
            assert all(time == value for time, value in stored.items())
        left = {time for time, _ in server.query(f"select n from {GONE}")}
        back = sorted(time for time in left if time <= deleter.through)
        assert not back, f"seed {SEED}, round {number}: deleted rows are back: {back[:10]} of {len(back)}"
        lost = sorted(set(range(deleter.attempted + 1, GONE_ROWS + 1)) - left)
        assert not lost, f"seed {SEED}, round {number}: rows are gone that nobody deleted: {lost[:10]} of {len(lost)}"
    assert sum(map(len, acknowledged.values())) > ROUNDS and deleter.through > 0
    assert backups.check() > 0, "no backup was finished; the test did not test backups"
    assert server.tsfiles(), "nothing was flushed; the test did not test flushes"

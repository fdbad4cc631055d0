#!/usr/bin/env python3
"""Makes the golden data folder of format version 2: `make_v2.py APUS FOLDER`, with a release binary of that version.

All that make_v1.py writes, and what version 2 added: aligned devices with gaps, a file of scattered rows, merged files, deletions of
points and series (some in the catalog, some in the log only), a series created again with another type, a dropped database, declared
encodings, times to live. Kept for the record; the folder is never made again.
"""
import pathlib
import sys
import time

import make_v1
from make_v1 import TYPES, WEEK, cells

YEAR_2100 = 4_102_444_800_000


class Model(make_v1.Model):
    """Knows deletions, too."""

    def delete(self, server, device, name, first, last):
        server.execute(f"delete from {device}.{name} where time >= {first} and time <= {last}")
        points = self.points[device, name]
        for key in [key for key in points if first <= key <= last]:
            del points[key]

    def drop(self, server, device, name):
        server.execute(f"delete timeseries {device}.{name}")
        del self.points[device, name]


def write_aligned(model, device, times, names, types, rows):
    message = {"device": device, "timestamps": times, "measurements": names, "values": rows, "datatypes": types, "isAligned": True}
    reason, _ = model.publisher.publish(message)
    assert not reason.is_failure, message
    for at, row in zip(times, rows):
        for name, kind, cell in zip(names, types, row):
            if cell is not None:
                model.points.setdefault((device, name), {})[at] = make_v1.text(kind, cell)
                model.types[device, name] = kind


def aligned(model, first, count):
    names = ["v_" + kind.lower() for kind in TYPES]
    rows = [[cell if (index + number) % 3 else None for number, cell in enumerate(cells(index))]
            for index in range(first, first + count)]
    write_aligned(model, "root.aligned.d1", [index * 1000 for index in range(first, first + count)], names, TYPES, rows)


def wait_for_merges(server):
    deadline = time.monotonic() + 60
    while not any(int(value) > 0 for fact, value in server.query("show compactions") if fact == "tasks"):
        assert time.monotonic() < deadline, server.query("show compactions")
        time.sleep(0.1)


def fill(model, server):
    # Merged: four files of one partition, with an overwrite.
    for start in (0, 50, 90, 130):
        model.write("root.merged.d", [start + step for step in range(60)], ["m"], ["DOUBLE"],
                    [[start + step / 4] for step in range(60)])
        aligned(model, start, 60)
        server.execute("flush")
    wait_for_merges(server)
    # Scattered: rows in more partitions than a flush makes files of their own for.
    for start in range(0, 80, 20):
        model.write("root.scattered.d", [(index - 40) * WEEK + index for index in range(start, start + 20)], ["s", "t"],
                    ["INT64", "TEXT"], [[index, f"t{index}"] for index in range(start, start + 20)])
    server.execute("create timeseries root.declared.d.z with datatype=INT32, encoding=ZIGZAG, compressor=ZSTD")
    model.write("root.declared.d", list(range(100)), ["z"], ["INT32"], [[-index] for index in range(100)])
    model.write("root.short.d", [5, 6, YEAR_2100], ["s"], ["DOUBLE"], [[1], [2], [3]])
    model.write("root.dropped.d", [1, 2], ["s"], ["DOUBLE"], [[1], [2]])
    model.write("root.again.d", [1, 2], ["s"], ["DOUBLE"], [[1.5], [2.5]])
    server.execute("flush")
    # Deletions that a flush takes to the catalog.
    model.delete(server, "root.merged.d", "m", 20, 30)
    model.drop(server, "root.again.d", "s")
    server.execute("delete database root.dropped")
    del model.points["root.dropped.d", "s"]
    server.execute("set ttl to root.short.** 3600000")
    model.points["root.short.d", "s"] = {YEAR_2100: model.points["root.short.d", "s"][YEAR_2100]}
    model.write("root.again.d", [2, 3], ["s"], ["TEXT"], [["two"], ["three"]])
    server.execute("flush")
    # In the log only.
    model.delete(server, "root.aligned.d1", "v_int64", 10_000, 20_000)
    model.delete(server, "root.scattered.d", "s", -2 * WEEK, 2 * WEEK)
    model.write("root.scattered.d", [1], ["s"], ["INT64"], [[-1]])
    model.write("root.merged.d", [25], ["m"], ["DOUBLE"], [[-25.5]])
    aligned(model, 100, 3)


def fill_all(model, server):
    make_v1_fill(model, server)
    fill(model, server)


make_v1_fill = make_v1.fill

if __name__ == "__main__":
    make_v1.Model = Model
    make_v1.fill = fill_all
    make_v1.SETTINGS.update(inner_compaction_candidate_file_num=2, compaction_schedule_interval_in_ms=100,
                            compaction_idle_time_in_ms=0, flush_files_max=4)
    make_v1.main()

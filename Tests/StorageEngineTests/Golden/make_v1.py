#!/usr/bin/env python3
"""Makes the golden data folder of format version 1: `make_v1.py APUS FOLDER`, with a release binary of that version.

FOLDER gets `data/` (what a killed server left: TsFiles, catalog, log segments with unflushed rows) and `expected.tsv`: one line a
series, `series <device> <measurement> <type>`, followed by its points, `<time> <value>`, as the queries of that binary showed them
before the kill, checked here against what was written. Kept for the record; the folder is never made again.
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "Integration"))
import conftest  # noqa: E402
from mqtt import Publisher, row  # noqa: E402

WEEK = 604_800_000
SETTINGS = {"wal_segment_size_max": 65_536}
TYPES = ["BOOLEAN", "INT32", "INT64", "FLOAT", "DOUBLE", "TEXT", "STRING", "TIMESTAMP", "DATE", "BLOB"]


class Model:
    """What must be there: the last value of each (device, measurement, time), as text, and the types."""

    def __init__(self, publisher):
        self.publisher = publisher
        self.points = {}
        self.types = {}

    def write(self, device, times, names, types, rows):
        message = {"device": device, "timestamps": times, "measurements": names, "values": rows, "datatypes": types}
        reason, _ = self.publisher.publish(message)
        assert not reason.is_failure, (reason, message)
        for time, cells in zip(times, rows):
            for name, kind, cell in zip(names, types, cells):
                if cell is not None:
                    self.points.setdefault((device, name), {})[time] = text(kind, cell)
                    self.types[device, name] = kind


def text(kind, cell):
    if kind == "BOOLEAN":
        return str(cell).lower()
    if kind in ("FLOAT", "DOUBLE"):
        return repr(float(cell))
    return str(cell)


def cells(index):
    """A row of all types; FLOAT values are exact in 32 bits."""
    return [index % 3 == 0, index * 7 - 100, index * 1_000_000_007 - 5, index / 8, index / 7 - 3, f"text {index}\twith a tab \"é\"",
            f"s{index % 4}", index * 86_400_000 - 5, f"20{index % 90 + 10}-{index % 12 + 1:02d}-{index % 28 + 1:02d}",
            f"{index:06x}"]


def fill(model, server):
    names = ["v_" + kind.lower() for kind in TYPES]
    # All types, several partitions, also before 1970.
    for base in (-3 * WEEK - 7, -1, 0, WEEK - 50, 40 * WEEK):
        times = [base + step for step in range(0, 60, 3)]
        model.write("root.types.d1", times, names, TYPES, [cells(index) for index in range(len(times))])
    # Gaps: rows that have only some of the values.
    model.write("root.types.gaps", [10, 20, 30], ["a", "b", "c"], ["INT32", "DOUBLE", "TEXT"],
                [[1, None, "x"], [None, 2.5, None], [3, 3.5, ""]])
    # Odd names.
    for device in ("root.odd.`dev-2`", "root.odd.`a``b`", "root.odd.深圳.d3", "root.odd.`x.y`.`z z`"):
        model.write(device, [1, 2, -WEEK], ["s1", "温度", "`m-1`", "`q``t`"], ["DOUBLE"] * 4,
                    [[1.5, 2.5, 3.5, 4.5], [1.25, 2.25, 3.25, 4.25], [-1, -2, -3, -4]])
    # A longer series over several flushes, for more than one chunk.
    for start in range(0, 1500, 500):
        times = [1_600_000_000_000 + index * 1000 for index in range(start, start + 500)]
        model.write("root.plant.line.pump", times, ["pressure", "count"], ["DOUBLE", "INT64"],
                    [[index % 97 / 4, index] for index in range(start, start + 500)])
    server.execute("flush")
    # Overwrites of flushed points, late points, another file of the same partitions; flushed, too.
    names_part = names[:5]
    model.write("root.types.d1", [-1, 2, 5], names_part, TYPES[:5], [cells(200 + index)[:5] for index in range(3)])
    model.write("root.plant.line.pump", [1_600_000_000_500, 1_600_000_001_000], ["pressure", "count"], ["DOUBLE", "INT64"],
                [[-1.5, -1], [-2.5, -2]])
    server.execute("flush")
    # In the log only: overwrites of both, new points, a new series, a new database.
    model.write("root.types.d1", [5, 8, 99 * WEEK], names, TYPES, [cells(300 + index) for index in range(3)])
    model.write("root.plant.line.pump", [1_600_000_001_000, 1_600_000_900_000], ["pressure", "count"],
                ["DOUBLE", "INT64"], [[-3.5, -3], [-4.5, -4]])
    model.write("root.odd.深圳.d3", [2, 3], ["s1", "neu"], ["DOUBLE", "STRING"], [[9.5, "ü"], [9.75, "ß"]])
    # So long that the log goes on in another segment.
    model.write("root.late.d", [6], ["long"], ["TEXT"], [["0123456789" * 7_000]])
    model.write("root.late.d", [7], ["s"], ["FLOAT"], [[0.1]])


def letters_and_users(publisher, server):
    publisher.publish(b"{not json", topic="plant/1")
    publisher.publish([row("root.sg.123", 1, s=1)], topic="plant/2")
    server.execute("create user alice 'secret-1'")
    server.execute("grant read_data on root.plant.** to user alice")


def value_text(kind, value):
    if kind == "BLOB":
        return value.removeprefix("0x")
    return text(kind, value)


def as_float32(kind, value):
    return repr(struct.unpack("f", struct.pack("f", float(value)))[0]) if kind == "FLOAT" else value


def main():
    binary, target = map(pathlib.Path, sys.argv[1:3])
    conftest.BINARY = binary.resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="apus-golden-"))
    server = conftest.Server(folder, **SETTINGS).start()
    publisher = Publisher(server.mqtt_port).wait_connected()
    model = Model(publisher)
    publisher.publish(b"{also not json", topic="plant/0")
    fill(model, server)
    letters_and_users(publisher, server)
    letters = server.query("show dead letters")
    assert len(letters) == 3, letters
    for (device, name), points in model.points.items():
        kind = model.types[device, name]
        shown = {time: value_text(kind, value) for time, value in server.query(f"select {name} from {device}")
                 if value is not None}
        wanted = {time: value for time, value in points.items()}
        if kind == "FLOAT":
            shown = {time: as_float32(kind, value) for time, value in shown.items()}
            wanted = {time: as_float32(kind, value) for time, value in wanted.items()}
        assert shown == wanted, (device, name, kind, list(set(shown.items()) ^ set(wanted.items()))[:6])
    server.kill()
    publisher.client.loop_stop()
    shutil.rmtree(target / "data", ignore_errors=True)
    shutil.copytree(folder / "data", target / "data")
    with (target / "expected.tsv").open("w", encoding="utf-8") as out:
        for (device, name), points in sorted(model.points.items()):
            kind = model.types[device, name]
            out.write(f"series\t{device}\t{name}\t{kind}\n")
            for time, value in sorted(points.items()):
                escaped = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
                out.write(f"{time}\t{escaped}\n")
    with (target / "letters.json").open("w", encoding="utf-8") as out:
        json.dump(letters, out, ensure_ascii=False, indent=1)
        out.write("\n")
    shutil.rmtree(folder)
    subprocess.run(["find", target, "-type", "f", "-size", "+0", "-printf", "%s %P\n"], check=True)


if __name__ == "__main__":
    main()

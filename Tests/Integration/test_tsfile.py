"""Flushed files, read by the official package (promise P6): `tsfile_check.py --strict` finds exactly what was published."""
import csv
import pathlib
import subprocess
import sys

from mqtt import Publisher

HERE = pathlib.Path(__file__).resolve().parent
CHECKER = HERE / "tools/tsfile_check.py"
WEEK = 604_800_000
TYPES = ["BOOLEAN", "INT32", "INT64", "FLOAT", "DOUBLE", "TEXT", "STRING", "TIMESTAMP", "DATE", "BLOB"]


def check(path, expected, folder):
    """Runs the checker on one file against the rows (device, measurement, time, value text)."""
    table = folder / (path.name + ".csv")
    with table.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(expected)
    done = subprocess.run(
        [sys.executable, CHECKER, path, "--strict", "--quiet", "--expect", table], capture_output=True, text=True,
        timeout=120)
    assert done.returncode == 0, f"{path}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def check_all(server, points, folder):
    """`points`: {(device, measurement, time): text}. Every file must hold exactly its partition's share."""
    files = server.tsfiles()
    found = set()
    for path in files:
        partition = int(path.parent.name)
        share = [(*key, text) for key, text in points.items() if key[2] // WEEK == partition
                 and key[0].startswith(path.parent.parent.name + ".")]
        found.update(row[:3] for row in share)
        check(path, share, folder)
    assert found == set(points), "some points are in no file"
    return files


def test_every_type_and_many_pages(server, tmp_path):
    publisher = Publisher(server.mqtt_port).wait_connected()
    points = {}
    names = ["v_" + name.lower() for name in TYPES]  # "timestamp" alone is no legal name
    for start in range(0, 25_000, 500):
        times = list(range(start * 1000, (start + 500) * 1000, 1000))
        values = []
        for time in times:
            index = time // 1000
            cells = [index % 3 == 0, index - 7, index * 10**9, index / 8, index / 7, f"text {index}", f"s{index % 4}",
                     index * 1000, f"2024-{index % 12 + 1:02d}-{index % 28 + 1:02d}", f"{index:08x}"]
            texts = [str(cells[0]).lower(), str(cells[1]), str(cells[2]), repr(cells[3]), repr(cells[4]), *cells[5:7],
                     str(cells[7]), *cells[8:]]
            values.append(cells)
            points.update({("root.types.d1", name, time): text for name, text in zip(names, texts)})
        reason, _ = publisher.publish({"device": "root.types.d1", "timestamps": times, "measurements": names,
                                       "datatypes": TYPES, "values": values})
        assert not reason.is_failure
    publisher.close()
    server.execute("flush")
    assert len(check_all(server, points, tmp_path)) == 1


def test_partitions_late_rows_overwrites_and_odd_names(server, tmp_path):
    publisher = Publisher(server.mqtt_port).wait_connected()
    points = {}
    devices = ["root.sg.d1", "root.sg.`dev-2`", "root.sg.深圳.d3"]
    for time in [0, WEEK - 1, WEEK, -1, -WEEK, 3 * WEEK + 5, 5, 4, 3, 4]:
        for device in devices:
            value = len(points) / 4
            publisher.publish({"device": device, "timestamp": time, "measurements": ["s1", "温度"], "values": [value, -value]})
            points[device, "s1", time] = repr(value)
            points[device, "温度", time] = repr(-value)
    publisher.close()
    server.execute("flush")
    check_all(server, points, tmp_path)
    assert [time for time, *_ in server.query("select s1 from root.sg.d1")] == sorted({key[2] for key in points})


def test_rows_are_the_same_before_and_after_a_flush_and_a_restart(server):
    publisher = Publisher(server.mqtt_port).wait_connected()
    for time in (30, 10, 20, 10):
        publisher.publish({"device": "root.sg.d", "timestamp": time, "measurements": ["a"], "values": [time + len("x")]})
    before = server.query("select a from root.sg.d")
    server.execute("flush")
    assert server.query("select a from root.sg.d") == before == [(10, 11.0), (20, 21.0), (30, 31.0)]
    publisher.publish({"device": "root.sg.d", "timestamp": 20, "measurements": ["a"], "values": [0]})
    publisher.close()
    expected = [(10, 11.0), (20, 0.0), (30, 31.0)]
    assert server.query("select a from root.sg.d") == expected
    server.kill()
    server.start()
    assert server.query("select a from root.sg.d") == expected
    assert server.stop() == 0
    server.start()
    assert server.query("select a from root.sg.d order by time desc") == expected[::-1]

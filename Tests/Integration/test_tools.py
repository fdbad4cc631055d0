"""check, inspect, backup, restore, export and import of the real binary; damaged files at start."""
import filecmp
import json
import shutil

import pytest

from mqtt import Publisher
from test_operations import apus
from test_tsfile import TYPES

WEEK = 604_800_000
DEVICES = ["root.plant.d1", "root.plant.`d-2`", "root.other.深圳"]


def login(server):
    return ["-p", server.rest_port, "-u", "root", "-pw", "root"]


def good(*arguments, code=0):
    done = apus(*arguments)
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done


def fill(server, start=0, count=200, devices=DEVICES):
    publisher = Publisher(server.mqtt_port).wait_connected()
    names = ["v_" + kind.lower() for kind in TYPES]
    for number, device in enumerate(devices):
        for base in (-WEEK, 0, 3 * WEEK):
            indices = range(start, start + count)
            values = [[index % 3 == 0, index - 7, index * 10**9, index / 8, index / 7, f"text, \"{index}\"\nline", f"s{index % 4}",
                       index * 1000, f"2024-{index % 12 + 1:02d}-{index % 28 + 1:02d}", f"{index:08x}"] for index in indices]
            for row in values[::5]:
                row[4] = row[5] = None
            reason, _ = publisher.publish({
                "device": device, "timestamps": [base + index * 1000 for index in indices], "measurements": names,
                "datatypes": TYPES, "values": values, "isAligned": number == 1})
            assert not reason.is_failure
    publisher.close()


def contents(server, devices=DEVICES):
    return {device: server.query(f"select * from {device}") for device in devices}


def test_check_and_inspect(server):
    fill(server)
    server.execute("flush")
    fill(server, start=50, count=20)
    good("check", "--data-dir", server.folder / "data", "--online")
    server.kill()
    done = good("check", "--data-dir", server.folder / "data")
    report = json.loads(good("check", "--data-dir", server.folder / "data", "--json").stdout)
    assert report and done.stdout
    for path in server.tsfiles():
        assert "v_double" in good("inspect", path).stdout
        assert json.loads(good("inspect", path, "--json").stdout)
        assert good("inspect", path, "--pages").stdout
    segments = sorted((server.folder / "data/wal").glob("*.wal"))
    assert segments
    for path in segments:
        assert good("inspect", path).stdout
    broken = server.folder / "broken.tsfile"
    shutil.copy(server.tsfiles()[0], broken)
    with broken.open("r+b") as file:
        file.truncate(100)
    assert apus("inspect", broken).returncode == 1
    assert apus("inspect", server.folder / "missing.tsfile").returncode == 2


DAMAGE = ["truncated", "flipped", "missing"]


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_named_and_the_rest_served(server, kind):
    fill(server)
    server.execute("flush")
    whole = contents(server)
    server.stop()
    victim = next(path for path in server.tsfiles() if path.parent.parent.name == "root.other" and path.parent.name == "0")
    if kind == "missing":
        victim.unlink()
    else:
        data = bytearray(victim.read_bytes())
        if kind == "truncated":
            data = data[:len(data) // 2]
        else:
            data[40] ^= 0x10
        victim.write_bytes(bytes(data))
    done = apus("check", "--data-dir", server.folder / "data")
    assert done.returncode == 1 and victim.name in done.stdout + done.stderr, done.stdout + done.stderr
    server.start()
    found = contents(server, DEVICES[:2])
    assert found == {device: whole[device] for device in DEVICES[:2]}
    if kind != "flipped":  # a flipped bit shows when the page is read, or by its hash
        assert victim.name in server.log.read_text() or victim.name in str(server.query("show files"))
    # The other partitions of the same device.
    times = [row[0] for row in server.query(f"select v_int32 from {DEVICES[2]} where time < 0")]
    assert times == [row[0] for row in whole[DEVICES[2]] if row[0] < 0]
    # Writing goes on, also into the partition that is damaged.
    fill(server, start=1_000, count=10)
    server.stop()
    good("check", "--data-dir", server.folder / "data", "--quarantine", code=1)
    good("check", "--data-dir", server.folder / "data")
    server.start()
    assert contents(server, DEVICES[:2])[DEVICES[0]][:50] == whole[DEVICES[0]][:50]


def test_backup_and_restore(server, serve, tmp_path):
    fill(server)
    server.execute("flush")
    fill(server, start=100, count=150)
    whole = contents(server)
    good("backup", tmp_path / "first", *login(server))
    server.execute(f"delete from {DEVICES[0]}.* where time < 0")
    fill(server, start=300, count=10)
    later = contents(server)
    good("backup", tmp_path / "second", "--base", tmp_path / "first", *login(server))
    for name, expected in (("first", whole), ("second", later)):
        good("restore", tmp_path / name, "--verify")
        good("restore", tmp_path / name, "--verify", "--deep")
        good("restore", tmp_path / name, "--data-dir", tmp_path / f"{name}-restored/data")
        good("check", "--data-dir", tmp_path / f"{name}-restored/data")
        restored = serve(tmp_path / f"{name}-restored")
        assert contents(restored) == expected, name
    assert apus("restore", tmp_path / "first", "--data-dir", tmp_path / "first-restored/data").returncode != 0
    victim = next((tmp_path / "first").rglob("*.tsfile"))
    data = bytearray(victim.read_bytes())
    data[30] ^= 1
    victim.unlink()
    victim.write_bytes(bytes(data))
    done = apus("restore", tmp_path / "first", "--verify")
    assert done.returncode == 1 and victim.name in done.stdout + done.stderr


def test_backup_of_a_stopped_folder(server, serve, tmp_path):
    fill(server)
    whole = contents(server)
    server.kill()
    good("backup", tmp_path / "copy", "--data-dir", server.folder / "data")
    good("restore", tmp_path / "copy", "--data-dir", tmp_path / "again/data")
    assert contents(serve(tmp_path / "again")) == whole


@pytest.mark.parametrize("form", ["csv", "tsfile"])
def test_export_and_import(server, serve, tmp_path, form):
    fill(server)
    server.execute("flush")
    fill(server, start=150, count=100)
    whole = contents(server)
    out = tmp_path / "out"
    out.mkdir()
    good("export", "root.**", "--output", f"{out}/", "--format", form, *login(server))
    files = sorted(path for path in out.iterdir() if path.suffix == ("." + form))
    assert files
    other = serve(tmp_path / "other")
    good("import", *files, *login(other))
    assert contents(other) == whole
    # Once more is harmless, and what comes out again is the same.
    good("import", *files, *login(other))
    again = tmp_path / "again"
    again.mkdir()
    good("export", "root.**", "--output", f"{again}/", "--format", form, *login(other))
    if form == "csv":
        assert filecmp.cmpfiles(out, again, [path.name for path in files], shallow=False)[0] == [path.name for path in files]


def test_export_of_a_range_and_line_protocol(server, tmp_path):
    fill(server, devices=DEVICES[:1])
    good("export", "root.plant.d1.v_int32", "--from", "0", "--to", "10000", "--output", tmp_path / "part.csv", *login(server))
    lines = (tmp_path / "part.csv").read_text().splitlines()
    assert len(lines) == 11 and lines[1] == "0,-7" and lines[0].startswith("Time,")
    good("export", "root.plant.d1", "--output", tmp_path / "part.line", "--format", "line", *login(server))
    # Texts hold line breaks, so not every line of the file begins a point.
    lines = (tmp_path / "part.line").read_text().splitlines()
    assert sum(line.startswith("root.plant.d1 ") for line in lines) == 600


def test_import_names_what_is_wrong(server, tmp_path):
    table = tmp_path / "mixed.csv"
    table.write_text("Time,root.csv.d.a(DOUBLE),root.csv.d.b(TEXT)\n1,1.5,x\nnoon,2.5,y\n3,wrong,z\n4,4.5,\"q\"\"q\"\n")
    done = apus("import", table, *login(server))
    assert done.returncode == 1
    assert ":3" in done.stdout + done.stderr or "line 3" in done.stdout + done.stderr
    rejected = (tmp_path / "mixed.csv.rejected").read_text()
    assert "noon" in rejected and "wrong" in rejected
    rows = server.query("select a, b from root.csv.d")
    assert rows[0] == (1, 1.5, "x") and rows[-1] == (4, 4.5, 'q"q')

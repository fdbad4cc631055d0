"""Data folders of older format versions, opened by the real binary: every point, dead letter and user is there."""
import json
import pathlib
import shutil

import pytest

from test_operations import apus

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "StorageEngineTests/Golden"
FOLDERS = sorted(path.name for path in GOLDEN.iterdir() if (path / "expected.tsv").exists())


def expected(folder):
    """{(device, measurement, type): {time: text}} of `expected.tsv`."""
    series = {}
    for line in (folder / "expected.tsv").read_text(encoding="utf-8").split("\n")[:-1]:
        cells = line.split("\t")
        if cells[0] == "series" and len(cells) == 4:
            points = series[tuple(cells[1:])] = {}
        else:
            points[int(cells[0])] = cells[1].replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\")
    return series


def same(kind, shown, wanted):
    if kind == "BOOLEAN":
        return str(shown).lower() == wanted
    if kind == "BLOB":
        return shown.removeprefix("0x") == wanted
    if kind == "FLOAT":
        return abs(float(shown) - float(wanted)) <= 1e-6 * abs(float(wanted))
    return float(shown) == float(wanted) if kind == "DOUBLE" else str(shown) == wanted


def check(server, series):
    for (device, name, kind), points in series.items():
        shown = {time: value for time, value in server.query(f"select {name} from {device}") if value is not None}
        assert shown.keys() == points.keys(), (device, name)
        wrong = {time: (shown[time], points[time]) for time in points if not same(kind, shown[time], points[time])}
        assert not wrong, (device, name, kind, wrong)


@pytest.mark.parametrize("name", FOLDERS)
def test_an_old_folder_has_everything(serve, tmp_path, name):
    folder = GOLDEN / name
    shutil.copytree(folder / "data", tmp_path / "data")
    # Version 1 is brought to the present by the first start; before it there is nothing to compare with.
    if name != "v1":
        done = apus("check", "--data-dir", tmp_path / "data")
        assert done.returncode == 0, done.stdout + done.stderr
    server = serve()
    series = expected(folder)
    check(server, series)
    server.execute("flush")
    server.kill()
    server.start()
    check(server, series)
    assert len(server.query("show timeseries")) == len(series)
    server.stop()
    done = apus("check", "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()
    letters = [list(letter) for letter in server.query("show dead letters")]
    assert letters == json.loads((folder / "letters.json").read_text(encoding="utf-8"))
    status, answer = server.rest("/rest/v2/query", {"sql": "select last pressure from root.plant.line.pump"},
                                 user="alice", password="secret-1")
    assert status == 200 and "values" in answer, answer
    status, answer = server.rest("/rest/v2/query", {"sql": "select a from root.types.gaps"}, user="alice", password="secret-1")
    assert not answer.get("values") or answer["values"] == [[]] or status != 200

"""Files that the official package wrote, brought in by LOAD and by `apus import`, and queried."""
import datetime

import pytest
from tsfile import Tablet, TimeseriesSchema, TsFileWriter
from tsfile.constants import Compressor, TSDataType, TSEncoding

from test_operations import apus

ROWS = 3_000
#: Measurement: type, encoding, value of a row, what a query shows for it.
SERIES = {
    "b": ("BOOLEAN", "PLAIN", lambda i: i % 3 == 0, None), "i": ("INT32", "TS_2DIFF", lambda i: i * 3 - 70, None),
    "ir": ("INT32", "RLE", lambda i: i // 50, None), "iz": ("INT32", "ZIGZAG", lambda i: -i, None),
    "l": ("INT64", "TS_2DIFF", lambda i: i * 10**10, None), "lg": ("INT64", "GORILLA", lambda i: i * i, None),
    "f": ("FLOAT", "GORILLA", lambda i: i / 8, None), "d": ("DOUBLE", "GORILLA", lambda i: i / 7, None),
    "dp": ("DOUBLE", "PLAIN", lambda i: -i / 3, None), "t": ("TEXT", "PLAIN", lambda i: f"Wärme {i}", None),
    "td": ("TEXT", "DICTIONARY", lambda i: f"state {i % 5}", None), "s": ("STRING", "PLAIN", lambda i: f"s{i}", None),
    "ts": ("TIMESTAMP", "TS_2DIFF", lambda i: i * 1000, None),
    "da": ("DATE", "TS_2DIFF", lambda i: datetime.date(2024, 1 + i % 12, 1 + i % 28), lambda value: value.isoformat()),
    "bl": ("BLOB", "PLAIN", lambda i: b"%08x" % i, lambda value: "0x" + value.hex()),
}


def write(path, device="root.official.d1", compressor=Compressor.LZ4):
    writer = TsFileWriter(str(path))
    for name, (kind, encoding, _, _) in SERIES.items():
        writer.register_timeseries(device, TimeseriesSchema(name, TSDataType[kind], TSEncoding[encoding], compressor))
    # One column a tablet: the writer's rows of several columns have to be whole.
    for name, (kind, _, value, _) in SERIES.items():
        tablet = Tablet([name], [TSDataType[kind]], ROWS)
        tablet.set_table_name(device)
        for row in range(ROWS):
            tablet.add_timestamp(row, 1_700_000_000_000 + row * 1000)
            tablet.add_value_by_index(0, row, value(row))
        writer.write_tablet(tablet)
    writer.close()


def check(server, device="root.official.d1"):
    for name, (kind, _, value, shown) in SERIES.items():
        found = server.query(f"select {name} from {device}")
        assert [time for time, _ in found] == [1_700_000_000_000 + row * 1000 for row in range(ROWS)], name
        wanted = [(shown or (lambda cell: cell))(value(row)) for row in range(ROWS)]
        assert [cell for _, cell in found] == wanted, name
    assert server.query(f"select count(i), sum(i), max_value(l) from {device}") == [
        (ROWS, float(sum(SERIES["i"][2](row) for row in range(ROWS))), (ROWS - 1) * 10**10)]


@pytest.mark.parametrize("compressor", ["LZ4", "SNAPPY", "GZIP", "ZSTD", "UNCOMPRESSED"])
def test_load(server, tmp_path, compressor):
    path = tmp_path / "official.tsfile"
    try:
        write(path, compressor=Compressor[compressor])
    except Exception as error:  # a compressor that this build of the package does not have
        pytest.skip(f"the official writer: {error}")
    server.execute(f"load '{path}'")
    check(server)
    server.execute(f"load '{path}'")  # once more is harmless
    server.execute("flush")
    server.kill()
    server.start()
    check(server)


def test_import(server, tmp_path):
    path = tmp_path / "official.tsfile"
    write(path)
    done = apus("import", path, "-p", server.rest_port, "-u", "root", "-pw", "root")
    assert done.returncode == 0, done.stdout + done.stderr
    check(server)


def test_a_file_that_is_none_is_refused(server, tmp_path):
    path = tmp_path / "broken.tsfile"
    write(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
    status, answer = server.rest("/rest/v2/nonQuery", {"sql": f"load '{path}'"})
    assert answer["code"] != 200 and "broken.tsfile" in answer["message"]
    assert server.query("show timeseries") == []

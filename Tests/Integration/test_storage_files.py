"""Files of every type, encoding and compressor, aligned and not, before and after merging: the official reader finds exactly
what was published (promise P6)."""
import time

import pytest

from mqtt import Publisher
from test_tsfile import TYPES, check_all

ENCODINGS = ["PLAIN", "DICTIONARY", "RLE", "TS_2DIFF", "GORILLA", "ZIGZAG", "CHIMP", "SPRINTZ", "RLBE"]
COMPRESSORS = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZ4", "ZSTD", "LZMA2"]
#: What both official readers give back exactly (spec tsfile.md section 0); with others `--strict` rightly complains.
PORTABLE = {
    "BOOLEAN": ["PLAIN"], "INT32": ["PLAIN", "RLE", "TS_2DIFF", "GORILLA", "ZIGZAG", "CHIMP", "SPRINTZ", "RLBE"],
    "DATE": ["PLAIN", "TS_2DIFF", "GORILLA"], "INT64": ["PLAIN", "TS_2DIFF", "GORILLA", "ZIGZAG", "CHIMP", "RLBE"],
    "TIMESTAMP": ["PLAIN", "TS_2DIFF", "GORILLA"], "FLOAT": ["PLAIN", "GORILLA", "CHIMP"],
    "DOUBLE": ["PLAIN", "GORILLA", "CHIMP"], "TEXT": ["PLAIN", "DICTIONARY"], "STRING": ["PLAIN", "DICTIONARY"], "BLOB": ["PLAIN"],
}


def cell(kind, index):
    """(JSON value, text of the checker) of a point."""
    value = {
        "BOOLEAN": index % 3 == 0, "INT32": index * 7 - 500, "INT64": index * 10**9 - 3, "FLOAT": index / 8, "DOUBLE": index / 7 - 50,
        "TEXT": f"text {index % 9}", "STRING": f"s{index % 4} ü", "TIMESTAMP": index * 1000 - 5,
        "DATE": f"2024-{index % 12 + 1:02d}-{index % 28 + 1:02d}", "BLOB": f"{index:08x}",
    }[kind]
    return value, str(value).lower() if kind == "BOOLEAN" else repr(value) if isinstance(value, float) else str(value)


def create(server, path, kind, encoding, compressor):
    """Whether the server takes the combination."""
    status, answer = server.rest("/rest/v2/nonQuery", {
        "sql": f"create timeseries {path} with datatype={kind}, encoding={encoding}, compressor={compressor}"})
    return status == 200 and answer["code"] == 200


class Written:
    """Rows published, and the points that must be in the files."""

    def __init__(self, server):
        self.publisher = Publisher(server.mqtt_port).wait_connected()
        self.points = {}

    def rows(self, device, columns, indices, aligned=None, gaps=False):
        """`columns`: {measurement: type}; with `gaps` some cells of each row are missing."""
        values = []
        for index in indices:
            cells = []
            for number, (name, kind) in enumerate(columns.items()):
                value, text = cell(kind, index)
                if gaps and (index + number) % 3 == 0:
                    cells.append(None)
                    continue
                cells.append(value)
                self.points[device, name, index * 1000] = text
            values.append(cells)
        message = {"device": device, "timestamps": [index * 1000 for index in indices], "measurements": list(columns),
                   "datatypes": list(columns.values()), "values": values}
        if aligned is not None:
            message["isAligned"] = aligned
        reason, _ = self.publisher.publish(message)
        assert not reason.is_failure, message["device"]


def wait_for_merge(server):
    """Until there is one file; merging is in the background."""
    deadline = time.monotonic() + 60
    while len(server.tsfiles()) > 1:
        assert time.monotonic() < deadline, f"never merged: {server.tsfiles()} {server.query('show compactions')}"
        time.sleep(0.1)


def test_every_encoding_and_compressor(server, tmp_path):
    written = Written(server)
    taken = 0
    for kind in TYPES:
        columns = {}
        for encoding in ENCODINGS:
            for compressor in COMPRESSORS:
                name = f"{kind}_{encoding}_{compressor}".lower()
                is_portable = encoding in PORTABLE[kind]
                # Every compressor with one encoding, every encoding with one compressor.
                if is_portable and (compressor == "LZ4" or encoding == "PLAIN"):
                    if create(server, f"root.enc.d_{kind.lower()}.{name}", kind, encoding, compressor):
                        columns[name] = kind
                        taken += 1
                    else:
                        assert encoding != "PLAIN", name
        written.rows(f"root.enc.d_{kind.lower()}", columns, range(0, 700))
        written.rows(f"root.enc.d_{kind.lower()}", columns, range(700, 1400))
    written.publisher.close()
    assert taken >= 80
    server.execute("flush")
    check_all(server, written.points, tmp_path)


@pytest.mark.parametrize("aligned", [False, True])
def test_all_types_merged(serve, tmp_path, aligned):
    server = serve(
        inner_compaction_candidate_file_num=2, compaction_schedule_interval_in_ms=100, compaction_idle_time_in_ms=0)
    written = Written(server)
    columns = {"v_" + kind.lower(): kind for kind in TYPES}
    # In order, late, overwriting; rows with gaps; a column that comes later.
    written.rows("root.merge.d1", columns, range(0, 300), aligned, gaps=True)
    server.execute("flush")
    written.rows("root.merge.d1", {**columns, "late": "DOUBLE"}, range(200, 500), aligned, gaps=True)
    server.execute("flush")
    written.rows("root.merge.d1", columns, range(100, 150), aligned)
    server.execute("flush")
    wait_for_merge(server)
    check_all(server, written.points, tmp_path)
    assert len(server.query("select * from root.merge.d1")) == 500
    assert server.stop() == 0
    server.start()
    check_all(server, written.points, tmp_path)
    written.publisher.client.loop_stop()


def test_is_aligned_over_mqtt(server, tmp_path):
    written = Written(server)
    columns = {"a": "DOUBLE", "b": "TEXT", "c": "INT64"}
    written.rows("root.al.yes", columns, range(0, 50), True, gaps=True)
    written.rows("root.al.no", columns, range(0, 50), False, gaps=True)
    # The device's own form holds for rows that say nothing, or something else.
    written.rows("root.al.yes", columns, range(50, 60))
    written.rows("root.al.no", columns, range(50, 60))
    shown = {row[0]: [str(cell).lower() for cell in row[1:]] for row in server.query("show devices root.al.**")}
    assert "true" in shown["root.al.yes"] and "true" not in shown["root.al.no"]
    before = server.query("select a, b, c from root.al.yes")
    server.kill()
    server.start()
    assert server.query("select a, b, c from root.al.yes") == before
    server.execute("flush")
    check_all(server, written.points, tmp_path)
    assert server.query("select a, b, c from root.al.yes") == before
    written.publisher.client.loop_stop()

#!/usr/bin/env python3
"""Writes the files beside it with the official package (PyPI `tsfile` 2.5.0): what our reader must read or refuse.

The CSV files hold the points that went in: device,measurement,time,value.
"""
import csv
import os
import random

import numpy
import tsfile
from tsfile import Compressor, Field, RowRecord, TimeseriesSchema, TSDataType, TSEncoding, TsFileWriter

import datetime

T, E = TSDataType, TSEncoding
COLUMNS = {
    T.BOOLEAN: [E.PLAIN], T.INT32: [E.PLAIN, E.TS_2DIFF, E.GORILLA], T.INT64: [E.PLAIN, E.TS_2DIFF, E.GORILLA],
    T.TIMESTAMP: [E.TS_2DIFF], T.DATE: [E.TS_2DIFF], T.FLOAT: [E.PLAIN, E.GORILLA], T.DOUBLE: [E.PLAIN, E.GORILLA],
    T.TEXT: [E.PLAIN], T.STRING: [E.PLAIN], T.BLOB: [E.PLAIN],
}
HERE = os.path.dirname(os.path.abspath(__file__))
dice = random.Random(7)


def value(kind):
    walk, extreme = dice.randint(-50, 50), dice.randint(0, 3) == 0
    return {
        T.BOOLEAN: lambda: walk > 0,
        T.INT32: lambda: dice.choice([-2**31, 2**31 - 1]) if extreme else walk,
        T.INT64: lambda: dice.choice([-2**63, 2**63 - 1]) if extreme else walk,
        T.TIMESTAMP: lambda: 1_700_000_000_000 + walk,
        T.DATE: lambda: datetime.date(2024, 1, 1 + abs(walk) % 28),
        T.FLOAT: lambda: dice.choice([1e-45, 3e38, -0.0]) if extreme else walk / 4,
        T.DOUBLE: lambda: dice.choice([float("nan"), float("-inf"), 1e300]) if extreme else walk / 10,
        T.TEXT: lambda: "" if extreme else f"Wärme {walk}",
        T.STRING: lambda: f"温度 {walk}",
        T.BLOB: lambda: bytes((index * walk) & 255 | 1 for index in range(abs(walk) % 9 + 1)),
    }[kind]()


def text(kind, v):
    if kind == T.BOOLEAN:
        return "true" if v else "false"
    if kind == T.FLOAT:
        return str(numpy.float32(v))
    if kind == T.DATE:
        return str(v.year * 10_000 + v.month * 100 + v.day)
    return v.hex() if kind == T.BLOB else repr(v) if kind == T.DOUBLE else str(v)


def make(name, compressor, rows, devices, flushes, columns):
    path = os.path.join(HERE, name + ".tsfile")
    if os.path.exists(path):
        os.remove(path)
    writer, points, time = TsFileWriter(path), [], -5000
    names = [(f"{kind.name.lower()}_{code.name.lower()}", kind, code) for kind, codes in columns.items() for code in codes]
    for device in devices:
        for measurement, kind, code in names:
            writer.register_timeseries(device, TimeseriesSchema(measurement, kind, code, compressor))
    for _ in range(flushes):
        for device in devices:
            for _ in range(rows):
                fields = []
                for measurement, kind, code in names:
                    if dice.random() < 0.1:
                        continue
                    # SPRINTZ does not give back what overflows, not even to the package itself.
                    v = dice.randint(-50, 50) if code == E.SPRINTZ else value(kind)
                    fields.append(Field(measurement, v, kind))
                    points.append((device, measurement, time, text(kind, v)))
                writer.write_row_record(RowRecord(device, time, fields))
                time += dice.randint(1, 2000)
        writer.flush()
    writer.close()
    with open(os.path.join(HERE, name + ".csv"), "w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(points)


def make_table(name):
    path = os.path.join(HERE, name + ".tsfile")
    if os.path.exists(path):
        os.remove(path)
    category = tsfile.ColumnCategory
    schema = tsfile.TableSchema("plant", [
        tsfile.ColumnSchema("area", T.STRING, category.TAG), tsfile.ColumnSchema("level", T.INT64, category.FIELD)])
    with tsfile.TsFileTableWriter(path, schema) as writer:
        tablet = tsfile.Tablet(["area", "level"], [T.STRING, T.INT64], 3)
        for row in range(3):
            tablet.add_timestamp(row, row)
            tablet.add_value_by_name("area", row, "north")
            tablet.add_value_by_name("level", row, row * 10)
        writer.write_table(tablet)


def make_encodings():
    """Every encoding that the package writes, many values in a page, so that blocks and runs are full."""
    codes = {
        T.INT32: [E.RLE, E.ZIGZAG, E.CHIMP, E.SPRINTZ, E.RLBE], T.INT64: [E.ZIGZAG, E.CHIMP, E.RLBE],
        T.FLOAT: [E.CHIMP], T.DOUBLE: [E.CHIMP], T.TEXT: [E.DICTIONARY], T.STRING: [E.DICTIONARY],
    }
    for name in ("GZIP", "ZSTD", "LZMA2"):
        compressor = getattr(Compressor, name, None)
        if compressor is not None:
            try:
                make("official-encodings-" + name.lower(), compressor, 25, ["root.sg.d1"], 2, codes)
            except Exception as error:
                print(name, error)


make("official-lz4", Compressor.LZ4, 3, ["root.sg.d1", "root.sg.深圳.d2"], 2, COLUMNS)
make("official-uncompressed", Compressor.UNCOMPRESSED, 3, ["root.sg.d1"], 1, COLUMNS)
make("official-snappy", Compressor.SNAPPY, 3, ["root.sg.d1"], 1, {T.INT64: [E.TS_2DIFF]})
make("official-rle", Compressor.LZ4, 3, ["root.sg.d1"], 1, {T.INT32: [E.RLE]})
make_table("official-table")
make_encodings()

#!/usr/bin/env python3
"""Bytes per point of the same data in Apus's TsFiles and in those of the official writer (the PyPI package `tsfile`).

    apus bench storage --parts size --keep       prints where its files are
    official_size.py FOLDER [--json FILE]        reads them with the official reader, writes each series with the official writer

The official writer gets IoTDB's default encoding of the type and LZ4; the second figure is its best over the encodings that its own
reader gives back exactly. BOOLEAN is PLAIN there, as with us: the official C++ reader has no RLE for it.
"""
import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from tsfile import TimeseriesSchema, TsFileWriter, Tablet
from tsfile.constants import Compressor, TSDataType, TSEncoding

CHECKER = pathlib.Path(__file__).resolve().parent.parent / "Tests/Integration/tools/tsfile_check.py"
DEFAULTS = {"BOOLEAN": TSEncoding.PLAIN, "INT32": TSEncoding.TS_2DIFF, "INT64": TSEncoding.TS_2DIFF, "FLOAT": TSEncoding.GORILLA,
            "DOUBLE": TSEncoding.GORILLA, "TEXT": TSEncoding.PLAIN}
OTHERS = {"BOOLEAN": [], "INT32": [TSEncoding.PLAIN, TSEncoding.RLE, TSEncoding.GORILLA, TSEncoding.ZIGZAG],
          "INT64": [TSEncoding.PLAIN, TSEncoding.GORILLA, TSEncoding.ZIGZAG], "FLOAT": [TSEncoding.PLAIN],
          "DOUBLE": [TSEncoding.PLAIN], "TEXT": [TSEncoding.DICTIONARY]}
PARSE = {"BOOLEAN": lambda text: text == "true", "INT32": int, "INT64": int, "FLOAT": float, "DOUBLE": float, "TEXT": str}


def points_of(path):
    """(device, measurement, type, encoding, times, value texts) of a file with one series."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as table:
        done = subprocess.run([sys.executable, CHECKER, path, "--csv", table.name, "--no-stats", "--no-structure"],
                              capture_output=True, text=True, check=True)
        device, measurement, kind, encoding, compressor, *_ = done.stdout.splitlines()[0].split("\t")
        with open(table.name, newline="", encoding="utf-8") as rows:
            cells = [row[2:] for row in csv.reader(rows)]
    return device, measurement, kind, f"{encoding} {compressor}", [int(time) for time, _ in cells], [value for _, value in cells]


def official_bytes(kind, encoding, compressor, times, values, rows=50_000):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "official.tsfile")
        writer = TsFileWriter(path)
        writer.register_timeseries("root.official.d1", TimeseriesSchema("s1", TSDataType[kind], encoding, compressor))
        for start in range(0, len(times), rows):
            part = times[start:start + rows]
            tablet = Tablet(["s1"], [TSDataType[kind]], len(part))
            tablet.set_table_name("root.official.d1")
            for row, time in enumerate(part):
                tablet.add_timestamp(row, time)
                tablet.add_value_by_index(0, row, values[start + row])
            writer.write_tablet(tablet)
        writer.close()
        return os.path.getsize(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    figures = []
    print(f"{'data':<22}{'type':<9}{'points':>9}{'apus':>9}  {'as':<18}{'official':>9}{'its best':>10}  with")
    for path in sorted(options.folder.rglob("*.tsfile")):
        device, _, kind, stored_as, times, texts = points_of(path)
        values = [PARSE[kind](text) for text in texts]
        official = official_bytes(kind, DEFAULTS[kind], Compressor.LZ4, times, values)
        best, best_name = official, f"{DEFAULTS[kind].name} LZ4"
        for encoding in [DEFAULTS[kind], *OTHERS[kind]]:
            for compressor in (Compressor.LZ4, Compressor.ZSTD):
                try:
                    size = official_bytes(kind, encoding, compressor, times, values)
                except Exception as error:  # an encoding that this build does not have
                    print(f"  {encoding.name} {compressor.name}: {error}", file=sys.stderr)
                    continue
                if size < best:
                    best, best_name = size, f"{encoding.name} {compressor.name}"
        count = len(times)
        figure = {"data": device.split(".")[1], "type": kind, "points": count, "apus": path.stat().st_size / count,
                  "apus_as": stored_as, "official": official / count, "official_best": best / count, "best_with": best_name}
        figures.append(figure)
        print(f"{figure['data']:<22}{kind:<9}{count:>9,}{figure['apus']:>9.3f}  {stored_as:<18}{figure['official']:>9.3f}"
              f"{figure['official_best']:>10.3f}  {best_name}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if not figures:
        raise SystemExit(f"no TsFiles below {options.folder}")


if __name__ == "__main__":
    main()

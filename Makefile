# SPDX-License-Identifier: Apache-2.0
# make run    set up, build release, start the server with conf/
# make test   set up, then every test layer that CI runs
# make bench  set up, build release, measure against mosquitto on loopback
# make bench-storage  the storage engine alone, beside the official TsFile writer
# make fuzz   mutate log segments and TsFiles for an hour (SECONDS_MAX=60 make fuzz: a minute)
# make tsan   the concurrent tests of the storage rooms under ThreadSanitizer
# make format rewrite the sources in the house style

.ONESHELL:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: run build test bench bench-storage fuzz tsan format lint

run: build
	@scripts/welcome
	exec .build/release/apus serve --config conf/iotdb-engine.properties

build:
	@scripts/setup run
	swift build -c release --product apus

test:
	@scripts/setup test
	scripts/test

bench: build
	@scripts/setup test
	Benchmarks/run

bench-storage: build
	@scripts/setup test
	.venv/bin/python Benchmarks/storage

fuzz:
	@scripts/setup run
	swift build -c release --product fuzz
	exec .build/release/fuzz --seconds $${SECONDS_MAX:-3600}

tsan:
	@scripts/setup run
	exec scripts/tsan

format:
	swift format --in-place --parallel --recursive Sources Tests Fuzz Package.swift

lint:
	@scripts/lint

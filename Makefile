# SPDX-License-Identifier: Apache-2.0
# make run    set up, build release, start the server with conf/
# make test   set up, then every test layer that CI runs
# make bench  set up, build release, measure against mosquitto on loopback
# make format rewrite the sources in the house style

.ONESHELL:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: run build test bench format lint

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

format:
	swift format --in-place --parallel --recursive Sources Tests Package.swift

lint:
	@scripts/lint

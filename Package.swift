// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The strict settings that every target compiles with; warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room of the house: a target and its tests. The tests repeat the dependencies because MemberImportVisibility
/// makes them import what they use. `data`: a folder of the tests with files that they read, found by their own path.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], tests testDependencies: [Target.Dependency] = [],
    data: String? = nil
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: name + "Tests", dependencies: [.byName(name: name)] + dependencies + testDependencies,
            exclude: data.map { [$0] } ?? [], swiftSettings: strict),
    ]
}

let floor0: [Target] =
    room("TimeSeriesModel") + room("ServerMetrics") + [
        .target(name: "CPlatform"),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(
            name: "CCompressors",
            providers: [.apt(["zlib1g-dev", "libsnappy-dev", "libzstd-dev", "liblzma-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    ]

let floor1: [Target] =
    room("Catalog", ["TimeSeriesModel", .product(name: "GRDB", package: "GRDB.swift")])
    + room("TsFile", ["TimeSeriesModel", "CLZ4", "CCompressors"], data: "Vectors")
    + room("PayloadFormats", ["TimeSeriesModel"])
    + room("MQTTProtocol", [nio("NIOCore")])

let floor2: [Target] =
    room(
        "StorageEngine",
        [
            "TimeSeriesModel", "ServerMetrics", "CPlatform", "TsFile", "Catalog", log,
            .product(name: "Crypto", package: "swift-crypto"),
        ],
        tests: ["StorageTestSupport"], data: "Golden")
    + [
        .target(
            name: "StorageTestSupport", dependencies: ["TimeSeriesModel", "Catalog", "StorageEngine"],
            path: "Tests/StorageTestSupport", swiftSettings: strict)
    ]
    + room(
        "AccessControl",
        [
            "TimeSeriesModel", "Catalog", log,
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "CryptoExtras", package: "swift-crypto"),
        ])
    + room(
        "MQTTBroker", ["MQTTProtocol", "ServerMetrics", nio("NIOCore"), deque, log], tests: [nio("NIOEmbedded")])
    + room("MQTTClient", ["MQTTProtocol", nio("NIOCore"), nio("NIOPosix")], tests: [nio("NIOEmbedded")])

let floor3: [Target] = room(
    "Ingestion", ["TimeSeriesModel", "ServerMetrics", "StorageEngine", "AccessControl", log],
    tests: ["PayloadFormats", "Catalog", "StorageTestSupport"])

let floor4: [Target] = room(
    "QueryEngine",
    ["TimeSeriesModel", "ServerMetrics", "TsFile", "StorageEngine", "AccessControl", "Catalog", "Ingestion", log],
    tests: ["StorageTestSupport"])

let floor5: [Target] =
    room(
        "MQTTService",
        [
            "TimeSeriesModel", "ServerMetrics", "MQTTProtocol", "MQTTBroker", "PayloadFormats", "AccessControl",
            "StorageEngine", "Ingestion", nio("NIOCore"), nio("NIOPosix"), deque, log,
        ], tests: ["MQTTClient", "Catalog", "StorageTestSupport", nio("NIOEmbedded")])
    + room(
        "HTTPService",
        [
            "TimeSeriesModel", "ServerMetrics", "AccessControl", "QueryEngine", nio("NIOCore"), log,
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
        ],
        tests: [
            .product(name: "HummingbirdTesting", package: "hummingbird"), "Catalog", "StorageEngine",
            "StorageTestSupport", "Ingestion",
        ])

let floor6: [Target] = room(
    "ApusServer",
    [
        "TimeSeriesModel", "ServerMetrics", "Catalog", "TsFile", "StorageEngine", "AccessControl", "PayloadFormats",
        "Ingestion", "QueryEngine", "MQTTBroker", "MQTTService", "HTTPService", "CPlatform",
        nio("NIOCore"), nio("NIOPosix"), log,
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    ])

let floor7: [Target] = [
    .executableTarget(
        name: "apus",
        dependencies: [
            "TimeSeriesModel", "ServerMetrics", "ApusServer", "AccessControl", "Catalog", "TsFile", "StorageEngine",
            "QueryEngine", "MQTTProtocol", "MQTTClient",
            "CEdit", arguments, nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), log,
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
        ], swiftSettings: strict),
    .testTarget(
        name: "apusTests",
        dependencies: [
            "apus", "TimeSeriesModel", "TsFile", "StorageEngine", "MQTTClient", arguments, nio("NIOCore"),
        ],
        swiftSettings: strict),
]

/// `APUS_ROOMS=A,B` builds only these targets and their tests, for a sanitizer's or a fuzzer's build of a few rooms.
let chosen = Context.environment["APUS_ROOMS"].map { Set($0.split(separator: ",").map(String.init)) }

/// Whether a target is to be built.
func isChosen(_ name: String) -> Bool {
    guard let chosen else { return true }
    return chosen.contains(name) || name.hasSuffix("Tests") && chosen.contains(String(name.dropLast("Tests".count)))
}

/// The fuzzers (`Fuzz/README.md`).
let fuzzed: [Target.Dependency] = [
    "TimeSeriesModel", "ServerMetrics", "Catalog", "TsFile", "StorageEngine", "StorageTestSupport", log,
]
let fuzzers: [Target] = [
    .target(name: "FuzzTargets", dependencies: fuzzed, path: "Fuzz/FuzzTargets", swiftSettings: strict),
    .executableTarget(name: "fuzz", dependencies: ["FuzzTargets"], path: "Fuzz/fuzz", swiftSettings: strict),
    .testTarget(
        name: "FuzzTargetsTests", dependencies: ["FuzzTargets", "StorageTestSupport", "TimeSeriesModel"],
        swiftSettings: strict),
]

let package = Package(
    name: "apus",
    platforms: [.macOS(.v15)],
    products: isChosen("apus") ? [.executable(name: "apus", targets: ["apus"])] : [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: (floor0 + floor1 + floor2 + floor3 + floor4 + floor5 + floor6 + floor7 + fuzzers).filter {
        isChosen($0.name)
    }
)

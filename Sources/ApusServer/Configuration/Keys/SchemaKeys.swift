// SPDX-License-Identifier: Apache-2.0

/// The keys of schema and types (`mqtt-payloads.md` section 5.2).
package enum SchemaKeys {
    static let autoCreate = booleanKey(
        "enable_auto_create_schema", .schema, default: true,
        "Whether a row creates the database and series that it needs.")
    static let databaseLevel = integerKey(
        "default_database_level", .schema, 1...1_000, default: 1,
        "How many nodes below root name the database that a new device gets: 1 puts root.sg.d1 into root.sg.",
        .init(aliases: ["default_storage_group_level"]))
    static let booleanType = choiceKey(
        "boolean_string_infer_type", .schema, ["BOOLEAN", "TEXT"], default: "BOOLEAN",
        "The type of a new series whose first value is true or false.")
    static let integerType = choiceKey(
        "integer_string_infer_type", .schema, ["INT32", "INT64", "FLOAT", "DOUBLE", "TEXT"], default: "DOUBLE",
        "The type of a new series whose first value is a whole number.", .iotdb("FLOAT before 1.3.2"))
    static let longType = choiceKey(
        "long_string_infer_type", .schema, ["INT32", "INT64", "FLOAT", "DOUBLE", "TEXT"], default: "DOUBLE",
        "The type of large whole numbers in IoTDB 0.11 to 1.3.1.",
        .noEffect("since IoTDB 1.3.2 integer_string_infer_type decides for all whole numbers, here too"))
    static let floatingType = choiceKey(
        "floating_string_infer_type", .schema, ["FLOAT", "DOUBLE", "TEXT"], default: "DOUBLE",
        "The type of a new series whose first value has a fraction or an exponent.", .iotdb("FLOAT before 1.3.2"))
    static let notANumberType = choiceKey(
        "nan_string_infer_type", .schema, ["FLOAT", "DOUBLE", "TEXT"], default: "DOUBLE",
        "The type of a new series whose first value is NaN.")
    static let partialInsert = booleanKey(
        "enable_partial_insert", .schema, default: true,
        "Whether a row is stored without those of its values that cannot be; otherwise one bad value refuses its row.")
    static let precision = choiceKey(
        "timestamp_precision", .schema, ["ms", "us", "ns"], default: "ms",
        "The unit of every timestamp. It cannot change once there is data.")
    static let precisionCheck = booleanKey(
        "timestamp_precision_check_enabled", .schema, default: true,
        "Whether times that are far outside of what the precision can mean (seconds or ns in a ms server) are refused.")
    static let seriesLimit = integerKey(
        "cluster_timeseries_limit_threshold", .schema, -1...1 << 40, default: -1,
        "How many series there may be; beyond it none is created. -1 = as many as schema_memory_max_bytes holds.",
        .iotdb("-1 = no limit"))
    static let deviceLimit = integerKey(
        "cluster_device_limit_threshold", .schema, -1...1 << 40, default: -1,
        "How many devices there may be; -1 = as many as schema_memory_max_bytes holds.", .iotdb("-1 = no limit"))
    static let databaseLimit = integerKey(
        "database_limit_threshold", .schema, -1...1_000_000, default: -1,
        "How many databases there may be; -1 = 1000.", .iotdb("-1 = no limit"))
    static let timeToLive = integerKey(
        "default_ttl_in_ms", .schema, -1...Int.max, unit: "ms", default: -1,
        "How long points are kept where SET TTL says nothing; older ones are not shown and not taken. -1 (or 0) = for ever."
    )
    static let timeToLiveRules = integerKey(
        "ttl_rule_capacity", .schema, 1...1_000_000, default: 1_000, "How many rules of SET TTL there may be.")
    static let booleanEncoding = encodingKey(
        "boolean", ["PLAIN"], default: "PLAIN",
        "RLE, which one of the official readers of TsFile cannot read for BOOLEAN")
    static let int32Encoding = encodingKey(
        "int32", ["TS_2DIFF", "GORILLA", "CHIMP", "RLE", "ZIGZAG", "PLAIN"], default: "TS_2DIFF")
    static let int64Encoding = encodingKey(
        "int64", ["TS_2DIFF", "GORILLA", "CHIMP", "ZIGZAG", "PLAIN"], default: "TS_2DIFF")
    static let floatEncoding = encodingKey("float", ["GORILLA", "CHIMP", "PLAIN"], default: "GORILLA")
    static let doubleEncoding = encodingKey("double", ["GORILLA", "CHIMP", "PLAIN"], default: "GORILLA")
    static let textEncoding = encodingKey("text", ["PLAIN", "DICTIONARY"], default: "PLAIN")

    static let compressor = choiceKey(
        "default_compressor", .schema, ["LZ4", "SNAPPY", "GZIP", "ZSTD", "LZMA2", "UNCOMPRESSED"], default: "LZ4",
        "The compression of new series in TsFiles. Those of IoTDB that are not offered here mean the default, with a warning.",
        .init(replacedValues: ["LZO", "SDT", "PAA", "PLA"]))

    private static let encodings = [
        "PLAIN", "DICTIONARY", "RLE", "DIFF", "TS_2DIFF", "GORILLA", "GORILLA_V1", "REGULAR", "ZIGZAG", "FREQ", "CHIMP",
        "SPRINTZ", "RLBE", "CAMEL",
    ]

    private static func encodingKey(
        _ type: String, _ offered: [String], default encoding: String, _ difference: String = ""
    ) -> ConfigurationKey<String> {
        choiceKey(
            "default_\(type)_encoding", .schema, offered, default: encoding,
            "The encoding of \(type.uppercased()) values in TsFiles. Encodings of IoTDB that are not offered here mean the "
                + "default, with a warning.",
            .init(difference: difference, replacedValues: encodings.filter { !offered.contains($0) }))
    }

    static let all: [KeyDeclaration] = [
        autoCreate.declaration, databaseLevel.declaration, booleanType.declaration, integerType.declaration,
        longType.declaration, floatingType.declaration, notANumberType.declaration, partialInsert.declaration,
        precision.declaration, precisionCheck.declaration, seriesLimit.declaration, deviceLimit.declaration,
        databaseLimit.declaration, timeToLive.declaration, timeToLiveRules.declaration, booleanEncoding.declaration,
        int32Encoding.declaration, int64Encoding.declaration,
        floatEncoding.declaration, doubleEncoding.declaration, textEncoding.declaration, compressor.declaration,
    ]
}

// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import PayloadFormats
import StorageEngine
import TsFile

extension JSONFormatSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        precision = configuration.precision
        checksTimestampRange = configuration[SchemaKeys.precisionCheck]
        missingTimestamp = MissingTimestamp(rawValue: configuration[PayloadKeys.missingTimestamp]) ?? .refuse
        truncatesFractionalTimestamps = configuration[PayloadKeys.fractionalTimestamp] == "truncate"
        isLenient = configuration[PayloadKeys.jsonLenient]
        keepsStringsAsText = configuration[PayloadKeys.jsonStringAsText]
        limits.rowsMax = configuration[PayloadKeys.rowsMax]
        limits.valuesMax = configuration[PayloadKeys.valuesMax]
        limits.columnsMax = configuration[PayloadKeys.columnsMax]
        limits.nestingMax = configuration[PayloadKeys.nestingMax]
        limits.problemsMax = configuration[PayloadKeys.problemsMax]
    }
}

extension IngestionSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        createsSchema = configuration[SchemaKeys.autoCreate]
        insertsPartially = configuration[SchemaKeys.partialInsert]
        booleanType = configuration.dataType(SchemaKeys.booleanType)
        integerType = configuration.dataType(SchemaKeys.integerType)
        floatingType = configuration.dataType(SchemaKeys.floatingType)
        notANumberType = configuration.dataType(SchemaKeys.notANumberType)
        quotesIllegalMeasurements = configuration[PayloadKeys.quoteIllegalMeasurements]
        precision = configuration.precision
        cacheBytesMax = configuration[PayloadKeys.cacheBytesMax]
        arrivalDevicesMax = configuration[PayloadKeys.arrivalDevicesMax]
        cacheEntriesMax = configuration[PayloadKeys.cacheEntriesMax]
        problemsMax = configuration[PayloadKeys.problemsMax]
    }
}

extension DeadLetterSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        bytesMax = configuration[PayloadKeys.deadLetterMaxBytes]
        recordsPerSecondMax = configuration[PayloadKeys.deadLetterRate]
    }
}

extension AccessSettings {
    init(_ configuration: ServerConfiguration) {
        let password = configuration[AccessKeys.initialRootPassword]
        self.init(
            checkingThreads: configuration[AccessKeys.checkingThreads],
            waitingChecksMax: configuration[AccessKeys.waitingChecksMax],
            waitingLoginsMax: configuration[AccessKeys.waitingLoginsMax],
            initialRootPassword: password.isEmpty ? nil : password)
    }
}

extension StorageSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        precision = configuration.precision
        partitionIntervalMilliseconds = Int64(configuration[StorageKeys.partitionInterval])
        databaseLevel = configuration[SchemaKeys.databaseLevel]
        databaseLimit = configuration[SchemaKeys.databaseLimit]
        deviceLimit = configuration[SchemaKeys.deviceLimit]
        seriesLimit = configuration[SchemaKeys.seriesLimit]
        schemaBytesMax = configuration[StorageKeys.schemaMemory]
        seriesDefaults = SeriesDefaults(configuration)
        syncDelayMilliseconds = configuration[StorageKeys.syncDelay]
        segmentBytesMax = configuration[StorageKeys.segmentSize]
        commitBytesMax = configuration[StorageKeys.commitSize]
        queueBytesMax = configuration[StorageKeys.logQueue]
        retryDelayMilliseconds = configuration[StorageKeys.logRetry]
        memtableBytesMax = configuration[StorageKeys.memtableSize]
        memtableAgeMaxMilliseconds = Int64(configuration[StorageKeys.memtableAge])
        frozenMemtablesMax = configuration[StorageKeys.frozenMemtables]
        memtableLayersMax = configuration[StorageKeys.memtableLayers]
        deletionsMax = configuration[StorageKeys.deletions]
        let timeToLive = configuration[SchemaKeys.timeToLive]
        timeToLiveMilliseconds = timeToLive > 0 ? Int64(timeToLive) : nil
        timeToLiveRulesMax = configuration[SchemaKeys.timeToLiveRules]
        unflushedLogBytesMax = configuration[StorageKeys.unflushedLog]
        openFilesMax = configuration[StorageKeys.openFiles]
        flushRetryMilliseconds = Int64(configuration[StorageKeys.flushRetry])
        flushFilesMax = configuration[CompactionKeys.flushFiles]
        compaction = CompactionSettings(configuration)
    }
}

extension CompactionSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        isEnabled = configuration[CompactionKeys.isEnabled]
        targetBytes = configuration[CompactionKeys.target]
        fanIn = configuration[CompactionKeys.candidates]
        spanningFanIn = configuration[CompactionKeys.spanningCandidates]
        partitionFilesMax = configuration[CompactionKeys.partitionFiles]
        idleMilliseconds = Int64(configuration[CompactionKeys.idleTime])
        megabytesPerSecond = configuration[CompactionKeys.throughput]
        intervalMilliseconds = Int64(configuration[CompactionKeys.interval])
        hiddenPercent = configuration[CompactionKeys.hiddenShare]
        deletionsMax = configuration[CompactionKeys.deletions]
        deletionAgeMaxMilliseconds = Int64(configuration[CompactionKeys.deletionAge])
        diskBytesMax = configuration[CompactionKeys.diskLimit]
    }
}

extension SeriesDefaults {
    init(_ configuration: ServerConfiguration) {
        self.init()
        booleanEncoding = configuration.encoding(SchemaKeys.booleanEncoding)
        int32Encoding = configuration.encoding(SchemaKeys.int32Encoding)
        int64Encoding = configuration.encoding(SchemaKeys.int64Encoding)
        floatEncoding = configuration.encoding(SchemaKeys.floatEncoding)
        doubleEncoding = configuration.encoding(SchemaKeys.doubleEncoding)
        textEncoding = configuration.encoding(SchemaKeys.textEncoding)
        compressor = TsFileCompressor.allCases.first { $0.name == configuration[SchemaKeys.compressor] } ?? .lz4
    }
}

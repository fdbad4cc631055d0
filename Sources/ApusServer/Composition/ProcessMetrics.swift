// SPDX-License-Identifier: Apache-2.0

import Glibc
import ServerMetrics

/// What the machine says about this process.
enum ProcessMetrics {
    static func register(in registry: MetricsRegistry) {
        let start = Double(SystemWallClock().nanosecondsSinceEpoch()) / 1e9
        registry.gauge(
            "apus_build_info", help: "Always 1; the label is the version.", labels: [("version", ServerVersion.number)]
        ).set(1)
        registry.observe("process_start_time_seconds", help: "Start of the process, seconds since 1970.") { start }
        registry.observe("process_resident_memory_bytes", help: "Memory that is in RAM.") { Double(residentBytes()) }
        registry.observe("process_cpu_seconds_total", help: "Processor time used, user and system.") { cpuSeconds() }
    }

    /// Resident memory, from /proc/self/statm; 0 where there is none.
    private static func residentBytes() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}

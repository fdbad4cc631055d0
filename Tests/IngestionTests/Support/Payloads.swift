// SPDX-License-Identifier: Apache-2.0

/// The manual's row (vector J1), with keys replaced (a nil value removes one) or added.
func row(_ changes: (String, String?)...) -> String {
    object(
        [
            ("device", #""root.sg.d1""#), ("timestamp", "1586076045524"), ("measurements", #"["s1","s2"]"#),
            ("values", "[0.530635,0.530635]"),
        ], changes)
}

/// A batch of two rows (vector J2), changed likewise.
func batch(_ changes: (String, String?)...) -> String {
    object(
        [
            ("device", #""root.sg.d1""#), ("timestamps", "[1586076045524,1586076065526]"),
            ("measurements", #"["s1","s2"]"#), ("values", "[[0.530635,0.530635],[0.530655,0.530695]]"),
        ], changes)
}

/// A row of `root.sg.d`: `measurements` and `values` as JSON lists.
func row(
    _ measurements: String, _ values: String, types: String? = nil, device: String = "root.sg.d", time: Int = 1
) -> String {
    row(
        ("device", "\"\(device)\""), ("timestamp", "\(time)"), ("measurements", measurements), ("values", values),
        ("datatypes", types))
}

private func object(_ base: [(String, String)], _ changes: [(String, String?)]) -> String {
    var pairs = base
    for (key, value) in changes {
        pairs.removeAll { $0.0 == key }
        if let value { pairs.append((key, value)) }
    }
    return "{" + pairs.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
}

/// What vector J1 leaves behind.
let storedRow = [
    "root.sg.d1.s1 DOUBLE 1586076045524=0.530635", "root.sg.d1.s2 DOUBLE 1586076045524=0.530635",
]

// SPDX-License-Identifier: Apache-2.0

/// The name of a TsFile as IoTDB names it, `{time}-{version}-{inner}-{cross}.tsfile`, and its place in the data folder.
struct FileName: Equatable {
    /// The folder of all TsFiles, in the data folder.
    static let folder = "tsfiles"
    /// The folder of files of several partitions, in a database's folder.
    static let spanningFolder = "spanning"
    static let suffix = ".tsfile"
    /// Added while the file is being written.
    static let temporarySuffix = ".tmp"
    /// Bytes of a folder's name at most; file systems allow 255.
    static let folderNameBytesMax = 200

    /// Creation time, milliseconds.
    var time: Int64
    /// What IoTDB calls so: the order of the file, which is its version where no compaction made it.
    var version: UInt64
    /// How often it went through compaction within its space, and across spaces.
    var innerCompactions = 0
    var crossCompactions = 0

    var text: String { "\(time)-\(version)-\(innerCompactions)-\(crossCompactions)\(Self.suffix)" }

    init(time: Int64, version: UInt64, innerCompactions: Int = 0, crossCompactions: Int = 0) {
        self.time = time
        self.version = version
        self.innerCompactions = innerCompactions
        self.crossCompactions = crossCompactions
    }

    /// Parses a name, with or without the temporary suffix; nil for names that are not ours.
    init?(parsing text: String) {
        var rest = text[...]
        if rest.hasSuffix(Self.temporarySuffix) { rest = rest.dropLast(Self.temporarySuffix.count) }
        guard rest.hasSuffix(Self.suffix) else { return nil }
        let parts = rest.dropLast(Self.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, let time = Int64(parts[0]), let version = UInt64(parts[1]),
            let inner = Int(parts[2]), let cross = Int(parts[3]), (0..<1 << 62).contains(time), version < 1 << 62
        else { return nil }
        self.time = time
        self.version = version
        innerCompactions = inner
        crossCompactions = cross
    }

    /// The folder of a file with points of these partitions, below ``folder``.
    static func folder(database: DatabaseFolder, partitions: [Int64]) -> String {
        if partitions.count == 1, let partition = partitions.first { return "\(database.name)/\(partition)" }
        return "\(database.name)/\(spanningFolder)"
    }
}

/// The folder of a database: its path, with every byte but letters, digits, `_`, `-` and `.` as `%XX`; where that is too long, its
/// begin and the database's number.
struct DatabaseFolder {
    let name: String

    init(path: String, id: UInt32) {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        name =
            bytes.count <= FileName.folderNameBytesMax ? text : "\(text.prefix(FileName.folderNameBytesMax - 12))%\(id)"
    }
}

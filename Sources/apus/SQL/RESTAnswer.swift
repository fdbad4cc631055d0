// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads the JSON of `/rest/v2`: a status object or a column-major result.
enum RESTAnswer {
    static func read(_ data: Data, httpStatus: Int, isQuery: Bool) throws(SQLClientError) -> SQLAnswer {
        let decoder = JSONDecoder()
        if let status = try? decoder.decode(Status.self, from: data), let code = status.code {
            let message = status.message ?? ""
            if httpStatus == 401 { throw .unauthorized(message) }
            if code == 200 { return .done }
            throw .refused(code: code, message: message)
        }
        guard isQuery, httpStatus == 200 else { throw .unreadable("HTTP status \(httpStatus)") }
        do {
            return .rows(try decoder.decode(Rows.self, from: data).rows)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private struct Status: Decodable {
        var code: Int?
        var message: String?
    }

    /// Cells are decoded by the type of their column: `1` in a DOUBLE column is the number 1.0, in INT64 an exact integer.
    private struct Rows: Decodable {
        var rows: SQLRows

        private enum Key: String, CodingKey {
            case expressions, column_names, data_types, timestamps, values
        }

        init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: Key.self)
            let names =
                try object.decodeIfPresent([String].self, forKey: .expressions)
                ?? object.decodeIfPresent([String].self, forKey: .column_names) ?? []
            let types = try object.decodeIfPresent([String].self, forKey: .data_types) ?? []
            let columns = names.enumerated().map { index, name in
                SQLColumn(name: name, type: index < types.count ? types[index] : "TEXT")
            }
            var values: [[SQLCell]] = []
            var lists = try object.nestedUnkeyedContainer(forKey: .values)
            while !lists.isAtEnd {
                guard values.count < columns.count else { break }
                var cells = try lists.nestedUnkeyedContainer()
                values.append(try Self.cells(&cells, type: columns[values.count].type))
            }
            while values.count < columns.count { values.append([]) }
            rows = SQLRows(
                columns: columns, times: try object.decodeIfPresent([Int64].self, forKey: .timestamps), values: values)
        }

        private static func cells(_ list: inout any UnkeyedDecodingContainer, type: String) throws -> [SQLCell] {
            var cells: [SQLCell] = []
            cells.reserveCapacity(list.count ?? 0)
            while !list.isAtEnd {
                if try list.decodeNil() {
                    cells.append(.null)
                    continue
                }
                switch type {
                case "BOOLEAN": cells.append(.boolean(try list.decode(Bool.self)))
                case "INT32", "INT64", "TIMESTAMP": cells.append(.integer(try list.decode(Int64.self)))
                case "FLOAT", "DOUBLE":
                    if let number = try? list.decode(Double.self) {
                        cells.append(.number(number))
                    } else {
                        cells.append(.text(try list.decode(String.self)))
                    }
                default: cells.append(.text(try list.decode(String.self)))
                }
            }
            return cells
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import ApusServer
import Foundation
import QueryEngine
import TimeSeriesModel

/// Where a tool sends its statements: a running server, or the data folder of a stopped one.
enum StatementSession {
    /// Logs in, or opens the folder; a terminal is asked for the password when the default one is refused.
    static func open(
        _ server: ServerOptions, _ options: ConfigurationOptions, dataFolder: String?
    ) async throws(SQLClientError) -> any SQLTransport {
        if let dataFolder { return try StoppedServerTransport(try Self.configuration(options, dataFolder: dataFolder)) }
        let transport = server.transport(password: server.givenPassword ?? "root")
        do throws(SQLClientError) {
            _ = try await SQLVariables.precision(transport, known: nil)
            return transport
        } catch {
            await transport.close()
            guard case .unauthorized = error, server.givenPassword == nil,
                let password = PasswordPrompt.onTerminal("Password of \(server.user): ")
            else { throw error }
            return server.transport(password: password)
        }
    }

    private static func configuration(
        _ options: ConfigurationOptions, dataFolder: String
    ) throws(SQLClientError) -> ServerConfiguration {
        guard FileManager.default.fileExists(atPath: "\(dataFolder)/catalog.sqlite") else {
            throw .unreachable("\(dataFolder) is no data folder: it has no catalog.sqlite")
        }
        var options = options
        options.set = ["log_level=warning"] + options.set + ["data_dir=\(dataFolder)"]
        do {
            return try options.load()
        } catch {
            throw .unreachable("the configuration is wrong")
        }
    }
}

/// Statements to the data folder of a stopped server.
private struct StoppedServerTransport: SQLTransport {
    private let session: StoppedServerSession

    init(_ configuration: ServerConfiguration) throws(SQLClientError) {
        do throws(StartError) {
            session = try StoppedServerSession(configuration)
        } catch {
            throw .unreachable("\(error)")
        }
    }

    func execute(_ sql: String, rowLimit: Int) async throws(SQLClientError) -> SQLAnswer {
        do throws(StatementError) {
            guard case .rows(let result) = try await session.execute(sql) else { return .done }
            var rows = SQLRows(
                columns: result.columns.map { SQLColumn(name: $0.name, type: $0.type.name) },
                times: result.hasTime ? [] : nil, values: result.columns.map { _ in [] })
            while let block = try await result.next() {
                rows.times?.append(contentsOf: block.times)
                for (index, column) in block.columns.enumerated() {
                    rows.values[index] += column.cells(rowCount: block.rowCount).map(SQLCell.init)
                }
            }
            return .rows(rows)
        } catch {
            throw .refused(code: error.code, message: error.message)
        }
    }

    func close() async { try? session.close() }
}

extension SQLCell {
    /// As the answer of a server has it.
    init(_ value: Value?) {
        switch value {
        case nil: self = .null
        case .boolean(let value): self = .boolean(value)
        case .int32(let value): self = .integer(Int64(value))
        case .int64(let value), .timestamp(let value): self = .integer(value)
        case .float(let value): self = .number(Double(value))
        case .double(let value): self = .number(value)
        case .text(let bytes), .string(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        case .blob, .date: self = .text(value.map(ValueText.text) ?? "")
        }
    }
}

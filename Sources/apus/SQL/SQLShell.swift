// SPDX-License-Identifier: Apache-2.0

import Glibc
import TimeSeriesModel

/// Runs statements one after the other and prints what they answer.
struct SQLShell {
    let transport: any SQLTransport
    let format: ResultFormat
    let precision: TimestampPrecision
    let rowLimit: Int

    /// Runs one statement; prints its rows to standard output, an error to standard error. The exit code: 0 = done.
    func run(_ sql: String) async -> Int32 {
        do throws(SQLClientError) {
            switch try await transport.execute(sql, rowLimit: rowLimit) {
            case .done:
                if format == .table { print("The statement is executed successfully.") }
            case .rows(let rows):
                print(ResultPrinter(format: format, precision: precision).text(rows), terminator: "")
            }
            fflush(nil)
            return 0
        } catch {
            fflush(nil)
            writeError("apus sql: \(error.message)\n")
            return error.exitCode
        }
    }

    /// Runs statements separated by `;`; the first failure ends it.
    func run(all text: String) async -> Int32 {
        var splitter = StatementSplitter()
        var statements = splitter.append(text)
        if let last = splitter.finish() { statements.append(last) }
        for statement in statements {
            let code = await run(statement)
            if code != 0 { return code }
        }
        return 0
    }

    /// Reads statements from a terminal until `exit`. A line is one or more statements; open quotes continue it.
    func interact(greeting: String) async -> Int32 {
        print(greeting)
        let editor = LineEditor()
        var splitter = StatementSplitter()
        while let line = editor.line(prompt: splitter.isInsideQuotes ? "      -> " : "apus> ") {
            editor.remember(line)
            switch line.lowercased().filter({ !$0.isWhitespace && $0 != ";" }) {
            case "exit", "quit": return 0
            case "help":
                print(Self.help)
                continue
            default: break
            }
            var statements = splitter.append(line)
            if splitter.isInsideQuotes {
                _ = splitter.append("\n")
            } else if let last = splitter.finish() {
                statements.append(last)
            }
            for statement in statements { _ = await run(statement) }
        }
        print("")
        return 0
    }

    private static let help = """
        A line is a statement (or more, separated by `;`):
          show databases | show devices | show timeseries root.sg.** | count timeseries
          select * from root.sg.d1 where time > now() - 1h order by time desc limit 10
          select count(s1), avg(s1), last_value(s1) from root.sg.d1
          select last * from root.sg.d1        the newest point of each series
          show dead letters                    what was published and refused, and why
          flush                                write what is in memory to TsFiles
        help, exit
        """
}

/// Writes to standard error.
func writeError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
        _ = unsafe write(2, bytes.baseAddress, bytes.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import apus

@Suite struct StatementSplitterTests {
    private func statements(_ text: String) -> [String] {
        var splitter = StatementSplitter()
        return splitter.append(text) + (splitter.finish().map { [$0] } ?? [])
    }

    @Test func cutsAtSemicolonsOutsideOfQuotes() {
        #expect(statements("show databases; count devices") == ["show databases", "count devices"])
        #expect(statements(" ;; \n show devices ; ") == ["show devices"])
        #expect(statements("select `a;b` from root.sg; x") == ["select `a;b` from root.sg", "x"])
        #expect(statements("insert 'it''s; so'; y") == ["insert 'it''s; so'", "y"])
        #expect(statements("a \"b;'c\"; d") == ["a \"b;'c\"", "d"])
        #expect(statements("") == [])
    }

    @Test func anOpenQuoteGoesOnInTheNextText() {
        var splitter = StatementSplitter()
        #expect(splitter.append("insert 'a;") == [])
        #expect(splitter.isInsideQuotes)
        #expect(splitter.append("\nb'; show") == ["insert 'a;\nb'"])
        #expect(splitter.finish() == "show")
    }

    @Test func knowsWhichStatementsHaveRows() {
        for sql in ["select 1", " SHOW databases", "count devices", "List user", "\nselect last *"] {
            #expect(RESTTransport.hasRows(sql), "\(sql)")
        }
        for sql in ["flush", "insert into root.a(time,s) values(1,2)", "selection", "create user a 'b'", ""] {
            #expect(!RESTTransport.hasRows(sql), "\(sql)")
        }
    }
}

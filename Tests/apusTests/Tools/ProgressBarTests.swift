// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import apus

@Suite struct ProgressBarTests {
    @Test func theLineTellsShareAmountSpeedAndRest() {
        let text = ProgressBar.text("checking", done: 50_000_000, total: 100_000_000, unit: .bytes, seconds: 10)
        #expect(text == "checking [############............] 50 %  50 MB of 100 MB  5.0 MB/s  10 s left")
        #expect(
            ProgressBar.text("importing", done: 7, total: 0, unit: .count("points"), seconds: 0)
                == "importing  7 points")
        #expect(
            ProgressBar.text("x", done: 20, total: 10, unit: .count("files"), seconds: 0)
                == "x [########################] 100 %  20 files of 10 files")
    }

    @Test func aLineFitsOnATerminal() {
        let text = ProgressBar.text(
            String(repeating: "long ", count: 30), done: 1, total: .max, unit: .bytes, seconds: 1)
        #expect(text.count == ProgressBar.widthMax)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_550, "1.6 kB"), (9_990, "10 kB"), (123_456, "123 kB"),
        (999_600, "1.0 MB"), (2_500_000_000, "2.5 GB"), (12_000_000_000_000_000, "12000 TB"),
    ])
    func bytesAreShort(_ count: Int, _ text: String) { #expect(ByteCountText.text(count) == text) }

    @Test func sharesAreDrawn() {
        #expect(ShareBar.text(1, of: 4) == "######..................   25.0 %")
        #expect(ShareBar.text(0, of: 0) == "........................    0.0 %")
        #expect(ShareBar.text(1, of: 1_000_000).hasPrefix("#."))
        #expect(ShareBar.text(5, of: 4).hasPrefix("########################"))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import TimeSeriesModel

@Suite("Numbers in text, mqtt-payloads 3.2 and 3.3")
struct NumberTextTests {
    private func double(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        return NumberText.double(bytes.span)
    }

    private func integer(_ text: String, trimming: Bool = false) -> Int64? {
        let bytes = Array(text.utf8)
        return NumberText.integer(bytes.span, trimmingBlanks: trimming)
    }

    private func isInferred(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return NumberText.isInferredNumber(bytes.span)
    }

    private func isInteger(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return NumberText.isIntegerLiteral(bytes.span)
    }

    @Test(
        "Java's double syntax",
        arguments: [
            ("1", 1), ("-7", -7), ("+5", 5), ("007", 7), (" 7112324 ", 7_112_324), ("1.0", 1), ("1.", 1), (".5", 0.5),
            ("1e5", 1e5), ("1E+5", 1e5), ("1e-5", 1e-5), ("4.9387406015404442E17", 4.9387406015404442E17),
            ("9223372036854775808", 9_223_372_036_854_775_808), ("0x1p3", 8), ("0X1.8P-1", 0.75), ("-0x.8p0", -0.5),
            ("4F", 4), ("4f", 4), ("1d", 1), ("1.5D", 1.5), ("0x1p3d", 8), ("1e400", .infinity),
            ("-1e400", -.infinity), ("1e-400", 0), ("Infinity", .infinity), ("-Infinity", -.infinity),
            ("+Infinity", .infinity), ("\t1\n", 1), ("0.1", 0.1),
            ("123456789012345678901234567890", 1.2345678901234568e29),
            ("2.2250738585072014e-308", 2.2250738585072014e-308), ("4.9e-324", .leastNonzeroMagnitude),
            ("1.7976931348623157e308", 1.7976931348623157e308),
        ] as [(String, Double)])
    func doubles(_ text: String, _ value: Double) {
        #expect(double(text) == value)
    }

    @Test("NaN is a double, with or without a sign", arguments: ["NaN", "-NaN", "+NaN", " NaN "])
    func notANumber(_ text: String) throws {
        #expect(try #require(double(text)).isNaN)
    }

    @Test(
        "what is no double",
        arguments: [
            "", " ", "4L", "1_000", "0x10", "0x", "0x1p", "0xp3", "e5", "1e", "1e+", ".", "-", "+", "--1", "1 2", "1,5",
            "nan", "infinity", "Inf", "true", "t", "1dd", "1fd", "NaNd", "1e5.0", "X'ab'", "٣",
        ])
    func noDoubles(_ text: String) {
        #expect(double(text) == nil)
        #expect(!isInferred(text))
    }

    @Test("-0 keeps its sign") func negativeZero() throws {
        #expect(try #require(double("-0")).sign == .minus)
        #expect(try #require(double("-0.0")).sign == .minus)
    }

    @Test("inference takes numbers, but no suffix and no NaN")
    func inference() {
        for text in ["1", "-7", "+5", "007", " 7112324 ", "9223372036854775808", "1.0", "1e5", "0x1p3", "1e400"] {
            #expect(isInferred(text), "\(text)")
        }
        #expect(isInferred("Infinity") && isInferred("-Infinity"))
        for text in ["4F", "4f", "1d", "1.0D", "NaN", "-NaN", "0x1p3f"] { #expect(!isInferred(text), "\(text)") }
    }

    @Test("64-bit integers, exactly")
    func integers() {
        #expect(integer("9223372036854775807") == .max)
        #expect(integer("-9223372036854775808") == .min)
        #expect(integer("9223372036854775808") == nil)
        #expect(integer("-9223372036854775809") == nil)
        #expect(integer("99999999999999999999") == nil)
        #expect(integer("007") == 7)
        #expect(integer("+5") == 5)
        #expect(integer("-0") == 0)
        for text in ["", "-", "+", "1.0", "1E3", " 1", "1 ", "1a", "0x1"] { #expect(integer(text) == nil, "\(text)") }
        #expect(integer(" 12\t", trimming: true) == 12)
    }

    @Test("integer literals of any size")
    func integerLiterals() {
        #expect(isInteger("99999999999999999999999"))
        #expect(isInteger(" -5 "))
        for text in ["", "1.0", "1e3", "a", "-"] { #expect(!isInteger(text), "\(text)") }
    }

    @Test("floats are rounded once")
    func floats() {
        // Halfway between two floats but a little above: rounding to double first would lose the little.
        let bytes = Array("1.00000005960464477539062500001".utf8)
        #expect(NumberText.float(bytes.span) == Float(1).nextUp)
        let over = Array("1e39".utf8)
        #expect(NumberText.float(over.span) == .infinity)
        let word = Array("abc".utf8)
        #expect(NumberText.float(word.span) == nil)
    }

    @Test("literals beyond the limit have no value")
    func limit() {
        #expect(double(String(repeating: "1", count: NumberText.literalBytesMax)) == .infinity)
        #expect(double(String(repeating: "1", count: NumberText.literalBytesMax + 1)) == nil)
    }

    @Test("short decimals equal the C library's rounding")
    func fastPathIsExact() throws {
        var random = SplitMix(state: 7)
        for round in 0..<40_000 {
            let digits = Int(random.next() % 19) + 1
            var text = String(random.next() % 10)
            while text.count < digits { text += String(random.next() % 10) }
            if text.allSatisfy({ $0 == "0" }) { continue }
            let exponent = Int(random.next() % 50) - 25
            let mantissa = try #require(UInt64(text))
            guard
                let value = NumberText.nearestDouble(mantissa: mantissa, exponent: exponent, isNegative: round % 2 == 1)
            else {
                #expect(abs(exponent) > 19)
                continue
            }
            let expected = unsafe strtod("\(round % 2 == 1 ? "-" : "")\(text)e\(exponent)", nil)
            #expect(value == expected, "\(text)e\(exponent)")
        }
    }

    @Test("ties go to the even neighbour")
    func ties() {
        // 2^53 + 1 lies halfway between two doubles, 2^54 + 2 likewise.
        #expect(double("9007199254740993") == 9_007_199_254_740_992)
        #expect(double("9007199254740995") == 9_007_199_254_740_996)
        #expect(double("9007199254740993.0") == 9_007_199_254_740_992)
        #expect(double("900719925474099.25") == 900_719_925_474_099.25)
        #expect(double("18446744073709551615") == 18_446_744_073_709_551_616)
    }
}

/// A small deterministic generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

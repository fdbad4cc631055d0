// SPDX-License-Identifier: Apache-2.0

extension NumberText {
    /// The double nearest to `mantissa * 10^exponent` (ties to even), where that can be had without arbitrary precision:
    /// exponents within 19 for any mantissa, within 22 for mantissas up to 2^53. Otherwise nil.
    @inlinable
    package static func nearestDouble(mantissa: UInt64, exponent: Int, isNegative: Bool) -> Double? {
        exactDouble(mantissa: mantissa, exponent: exponent, isNegative: isNegative)
            ?? roundedDouble(mantissa: mantissa, exponent: exponent, isNegative: isNegative)
    }

    /// As ``nearestDouble(mantissa:exponent:isNegative:)`` for mantissas that are no exact doubles, by 128-bit arithmetic.
    package static func roundedDouble(mantissa: UInt64, exponent: Int, isNegative: Bool) -> Double? {
        guard mantissa != 0, exponent >= -19, exponent <= 19 else { return nil }
        // The value is (high * 2^64 + low) * 2^scale, plus a little if isInexact.
        var high: UInt64, low: UInt64
        var scale = 0
        var isInexact = false
        if exponent >= 0 {
            (high, low) = mantissa.multipliedFullWidth(by: integerPowersOfTen[exponent])
        } else {
            let divisor = integerPowersOfTen[-exponent]
            let shift = mantissa.leadingZeroBitCount
            let (quotient, remainder) = (mantissa << shift).quotientAndRemainder(dividingBy: divisor)
            let (fraction, rest) = divisor.dividingFullWidth((remainder, 0))
            (high, low, scale, isInexact) = (quotient, fraction, -64 - shift, rest != 0)
        }
        if high == 0 { (high, low, scale) = (low, 0, scale - 64) }
        let shift = high.leadingZeroBitCount
        if shift > 0 { (high, low, scale) = (high << shift | low >> (64 - shift), low << shift, scale - shift) }
        // 53 bits stay of the upper 64; the other 11 and everything below decide how to round.
        let kept = high >> 11
        let rest = high & 0x7ff
        let isTie = rest == 0x400 && low == 0 && !isInexact
        let roundsUp = isTie ? kept & 1 == 1 : rest >= 0x400
        // Adding carries into the exponent where rounding overflows the mantissa, which is right. No subnormals and no
        // overflow: 10^-19 <= value < 10^39.
        let biased = UInt64(scale + 64 + 63 + 1_023)
        let bits = biased << 52 + (kept & (1 << 52 - 1)) + (roundsUp ? 1 : 0)
        return Double(bitPattern: isNegative ? bits | 1 << 63 : bits)
    }

    /// 10^0 … 10^19, all below 2^64.
    private static let integerPowersOfTen: [UInt64] = {
        var powers: [UInt64] = [1]
        for _ in 1...19 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()
}

/// How the bytes of a file are letters.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// ISO 8859-1 as Windows writes it: 0x80–0x9F are those of Windows-1252 (WHATWG Encoding).
    case latin1

    /// 0x80–0x9F of Windows-1252; those that it leaves out stand for themselves.
    private static let upper: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// - Returns: nil where the bytes are not of this encoding.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        if self == .utf8 { return String(validating: bytes, as: UTF8.self) }
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        return String(
            String.UnicodeScalarView(
                bytes.map { byte in
                    Unicode.Scalar((0x80..<0xA0).contains(byte) ? Self.upper[Int(byte) - 0x80] : UInt16(byte))!
                }))
    }

    /// - Returns: nil where a letter is not of this encoding.
    public func bytes(_ text: String) -> [UInt8]? {
        if self == .utf8 { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let place = Self.upper.firstIndex(where: { UInt32($0) == scalar.value }) {
                bytes.append(UInt8(place + 0x80))
            } else if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) {
                bytes.append(UInt8(scalar.value))
            } else {
                return nil
            }
        }
        return bytes
    }
}

import Crypto
import Foundation
import Quantities

/// Codes, and secrets that are compared without telling how far they agree.
public enum Signatures {
    static func hmacSHA256(_ message: Data, secret: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: Data(secret.utf8))))
    }

    static func isValid(_ hexadecimal: some StringProtocol, of message: Data, secret: String) -> Bool {
        guard let code = bytes(hexadecimal), code.count == 32 else { return false }
        // Constant-time comparison by the library.
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: message, using: SymmetricKey(data: Data(secret.utf8)))
    }

    /// Compares secrets in time that does not depend on where they differ: their codes under a key are compared.
    public static func areEqual(_ left: String, _ right: String) -> Bool {
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: Data(left.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(right.utf8), using: key)
    }

    /// In lower-case digits.
    public static func hexadecimal(_ data: Data) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: data.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bytes that hexadecimal digits say, of either case; nil for anything else.
    public static func bytes(_ hexadecimal: some StringProtocol) -> Data? {
        let digits = Array(hexadecimal.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var data = Data()
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            data.append(high << 4 | low)
        }
        return data
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        case 65...70: digit - 55
        default: nil
        }
    }
}

/// JSON from outside: checked for depth and for lone surrogates before Foundation sees it.
enum UntrustedJSON {
    enum Refusal: Error, CustomStringConvertible {
        case notJSON, tooDeep

        var description: String {
            switch self {
            case .notJSON: "it is not valid JSON"
            case .tooDeep: "it is nested more than 40 levels deep"
            }
        }
    }

    static func parse(_ data: Data) throws -> Any {
        var depth = 0
        var inString = false
        var escaped = false
        for byte in data {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > 40 { throw Refusal.tooDeep }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        do {
            return try JSONSerialization.jsonObject(with: data)
        } catch {
            throw Refusal.notJSON
        }
    }

    /// Whether a text may be a key in the database: short, and without control characters (SQLite's text ends at a NUL).
    static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 512 && !text.utf8.contains { $0 < 32 || $0 == 127 }
    }

    /// Unix seconds between 1970 and 9999, as a text or a number.
    static func moment(_ value: Any?) -> Moment? {
        let seconds = (value as? String).flatMap { Int64($0) } ?? (value as? Int).map(Int64.init)
        guard let seconds, (0..<253_402_300_800).contains(seconds) else { return nil }
        return Moment(seconds: seconds)
    }

    /// An object as compact text, for a dead letter.
    static func text(_ value: Any) -> String {
        guard JSONSerialization.isValidJSONObject(value),
            let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
        else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}

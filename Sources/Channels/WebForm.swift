import Foundation

/// What a form posts: `application/x-www-form-urlencoded`.
public enum WebForm {
    /// The fields of a form; nil where it is not one or a name is there twice.
    public static func fields(_ body: Data) -> [String: String]? {
        guard let pairs = pairs(body) else { return nil }
        var fields: [String: String] = [:]
        for (name, value) in pairs where fields.updateValue(value, forKey: name) != nil { return nil }
        return fields
    }

    /// Names and values of a form in their order; nil where it is not one.
    public static func pairs(_ body: Data) -> [(name: String, value: String)]? {
        guard let text = String(data: body, encoding: .utf8), !text.isEmpty else { return nil }
        var pairs: [(name: String, value: String)] = []
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ part: Substring) -> String? { part.replacing("+", with: " ").removingPercentEncoding }
            guard let name = decoded(parts[0]), let value = decoded(parts.count > 1 ? parts[1] : "") else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}

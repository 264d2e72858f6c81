import Foundation
import Yams

/// A JSON value as it came.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(
                Dictionary(mapping.map { ($0.key.string ?? "", JSON($0.value)) }, uniquingKeysWith: { $1 }))
        case .sequence(let sequence): self = .list(sequence.map { JSON($0) })
        case .scalar, .alias:
            switch node.any {
            case let flag as Bool: self = .flag(flag)
            case let number as Int: self = .number(Double(number))
            case let number as Double: self = .number(number)
            default: self = .text(node.string ?? "")
            }
        }
    }

    subscript(name: String) -> JSON? { object[name] }
    var object: [String: JSON] { if case .object(let object) = self { object } else { [:] } }
    var list: [JSON] { if case .list(let list) = self { list } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// As it is put into a query, a form or a JSON body.
    var plain: Any {
        switch self {
        case .null: NSNull()
        case .flag(let flag): flag
        case .number(let number): number == number.rounded() ? Int(number) : number
        case .text(let text): text
        case .list(let list): list.map(\.plain)
        case .object(let object): object.mapValues(\.plain)
        }
    }
}

/// As much of JSON Schema as `Docs/openapi.yaml` uses; a schema with another word is itself a problem.
struct JSONSchema: Sendable {
    /// The whole document, for what is referred to.
    let document: JSON

    private static let words: Set<String> = [
        "type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "items",
        "required",
        "properties", "additionalProperties", "description", "contentEncoding",
    ]

    /// What `$ref` names, or the value itself.
    func resolved(_ value: JSON?) -> JSON {
        guard let reference = value?["$ref"]?.text else { return value ?? .object([:]) }
        return resolved(reference.dropFirst(2).split(separator: "/").reduce(document as JSON?) { $0?[String($1)] })
    }

    /// What about `value` is not as the schema says, with the place.
    func problems(_ value: JSON, _ schema: JSON?, at place: String = "$") -> [String] {
        let schema = resolved(schema)
        var problems: [String] = []
        func expect(_ holds: Bool, _ what: String) {
            if !holds { problems.append("\(place): expected \(what), found \(value)") }
        }
        let unknown = Set(schema.object.keys).subtracting(Self.words)
        if !unknown.isEmpty { problems.append("\(place): the schema says \(unknown.sorted()), which nobody checks") }
        if let type = schema["type"]?.text { expect(isOf(type, value), type) }
        if let known = schema["enum"]?.list { expect(known.contains(value), "one of \(known)") }
        if let constant = schema["const"] { expect(value == constant, "\(constant)") }
        switch value {
        case .text(let text):
            expect(Double(text.count) >= schema["minLength"]?.number ?? 0, "a longer text")
            let pattern = schema["format"]?.text == "date" ? #"^\d{4}-\d{2}-\d{2}$"# : schema["pattern"]?.text
            if let pattern { expect(text.range(of: pattern, options: .regularExpression) != nil, pattern) }
        case .number(let number):
            if let minimum = schema["minimum"]?.number { expect(number >= minimum, "at least \(minimum)") }
        case .list(let list):
            for (index, element) in list.enumerated() {
                problems += self.problems(element, schema["items"], at: "\(place)[\(index)]")
            }
        case .object(let object):
            let properties = schema["properties"]?.object ?? [:]
            for name in (schema["required"]?.list ?? []).compactMap(\.text) where object[name] == nil {
                problems.append("\(place): `\(name)` is missing")
            }
            for (name, element) in object.sorted(by: { $0.key < $1.key }) where element != .null {
                let others = schema["additionalProperties"]
                if properties[name] == nil, others == .flag(false) {
                    problems.append("\(place): `\(name)` is not documented")
                } else {
                    problems += self.problems(element, properties[name] ?? others, at: "\(place).\(name)")
                }
            }
        case .null, .flag: break
        }
        return problems
    }

    private func isOf(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .list), ("string", .text), ("boolean", .flag), ("number", .number): true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}

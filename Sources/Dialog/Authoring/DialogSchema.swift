/// The format as JSON Schema, for editors that check and complete YAML.
public enum DialogSchema {
    public static var text: String { text(of: DialogFormat.dialog, "Diálogo de Promesa") }

    /// That of a translation beside a dialog.
    public static var translation: String { text(of: DialogFormat.translation, "Traducción de un diálogo de Promesa") }

    private static func text(of table: DialogFormat.Table, _ title: String) -> String {
        var definitions: [(String, JSONText)] = []
        let root = schema(of: table, &definitions)
        guard case .object(let members) = root else { return "" }
        let head: [JSONText.Member] = [
            .init(name: "$schema", value: .string("http://json-schema.org/draft-07/schema#")),
            .init(name: "title", value: .string(title)),
        ]
        let tables = definitions.map { JSONText.Member(name: $0.0, value: $0.1) }
        return JSONText.object(head + members + [.init(name: "definitions", value: .object(tables))]).rendered() + "\n"
    }

    private static func schema(
        of table: DialogFormat.Table, _ definitions: inout [(String, JSONText)]
    ) -> JSONText {
        var properties: [JSONText.Member] = []
        for key in table.keys {
            var value = schema(of: key.value, &definitions)
            if case .object(let members) = value {
                value = .object([.init(name: "description", value: .string(key.about))] + members)
            }
            properties.append(.init(name: key.name, value: value))
        }
        var members: [JSONText.Member] = [
            .init(name: "type", value: .string("object")), .init(name: "additionalProperties", value: .flag(false)),
            .init(name: "properties", value: .object(properties)),
        ]
        let required = table.keys.filter(\.required).map(\.name)
        if !required.isEmpty { members.append(.init(name: "required", value: .strings(required))) }
        if table.isChoice {
            members.append(.init(name: "minProperties", value: .number(1)))
            members.append(.init(name: "maxProperties", value: .number(1)))
        }
        let pairs = table.keys.compactMap { key in
            key.with.map { JSONText.Member(name: key.name, value: .strings([$0])) }
        }
        if !pairs.isEmpty { members.append(.init(name: "dependencies", value: .object(pairs))) }
        return .object(members)
    }

    /// A reference to a table's definition, which is made the first time.
    private static func reference(
        to table: DialogFormat.Table, _ definitions: inout [(String, JSONText)]
    ) -> JSONText {
        if !definitions.contains(where: { $0.0 == table.name }) {
            let place = definitions.count
            definitions.append((table.name, .object([JSONText.Member]())))
            definitions[place].1 = schema(of: table, &definitions)
        }
        // `allOf`, because draft 7 ignores what stands beside a `$ref`, such as the description.
        return .object(["allOf": .array([.object(["$ref": .string("#/definitions/\(table.name)")])])])
    }

    private static func schema(
        of value: DialogFormat.Value, _ definitions: inout [(String, JSONText)]
    ) -> JSONText {
        switch value {
        case .text, .name, .condition: .object(["type": .strings(["string", "number", "boolean"])])
        case .flag: .object(["enum": .strings(["si", "sí", "no"])])
        case .number(let range):
            .object([
                "anyOf": .array([
                    .object([
                        "type": .string("integer"), "minimum": .number(range.lowerBound),
                        "maximum": .number(range.upperBound),
                    ]),
                    .object(["enum": .strings(range.map(String.init))]),
                ])
            ])
        case .duration: .object(["type": .string("string"), "pattern": .string("^[1-9][0-9]*[mh]$")])
        case .oneOf(let names): .object(["enum": .strings(names)])
        case .list(let element):
            .object(["type": .string("array"), "items": schema(of: element, &definitions)])
        case .oneOrMany(let element):
            {
                let one = schema(of: element, &definitions)
                return .object(["anyOf": .array([one, .object(["type": .string("array"), "items": one])])])
            }()
        case .table(let table): reference(to: table, &definitions)
        case .names:
            .object(["type": .string("object"), "additionalProperties": schema(of: .name, &definitions)])
        case .named(let table):
            .object([
                "type": .string("object"), "additionalProperties": reference(to: table, &definitions),
            ])
        }
    }
}

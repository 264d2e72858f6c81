import Dialog
import Foundation
import SharedData
import Testing
import Yams

/// The part of JSON Schema (draft 7) that the dialog's schema uses, over YAML as an editor reads it.
private struct SchemaValidator {
    let root: [String: Any]

    init(_ schema: String = DialogSchema.text) throws {
        root = try #require(try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any])
    }

    func accepts(_ yaml: String) throws -> Bool {
        accepts(try #require(try Parser(yaml: yaml, resolver: .basic).singleRoot()), root)
    }

    private func accepts(_ node: Node, _ schema: [String: Any]) -> Bool {
        if let reference = schema["$ref"] as? String {
            let tables = root["definitions"] as? [String: [String: Any]]
            return accepts(node, tables![String(reference.dropFirst("#/definitions/".count))]!)
        }
        if let all = schema["allOf"] as? [[String: Any]], !all.allSatisfy({ accepts(node, $0) }) { return false }
        if let any = schema["anyOf"] as? [[String: Any]], !any.contains(where: { accepts(node, $0) }) { return false }
        if let values = schema["enum"] as? [String], !values.contains(node.string ?? "") { return false }
        if let pattern = schema["pattern"] as? String,
            node.string?.range(of: pattern, options: .regularExpression) == nil
        {
            return false
        }
        if let wanted = (schema["type"] as? [String]) ?? (schema["type"] as? String).map({ [$0] }) {
            guard wanted.contains(where: { has(node, type: $0) }) else { return false }
        }
        if let lowest = schema["minimum"] as? Int, let number = node.string.flatMap(Int.init), number < lowest {
            return false
        }
        if let highest = schema["maximum"] as? Int, let number = node.string.flatMap(Int.init), number > highest {
            return false
        }
        if let items = schema["items"] as? [String: Any], let sequence = node.sequence {
            return sequence.allSatisfy { accepts($0, items) }
        }
        guard let mapping = node.mapping else { return true }
        let names = Set(mapping.compactMap(\.key.string))
        if let fewest = schema["minProperties"] as? Int, names.count < fewest { return false }
        if let most = schema["maxProperties"] as? Int, names.count > most { return false }
        if let required = schema["required"] as? [String], !names.isSuperset(of: required) { return false }
        for (name, needed) in schema["dependencies"] as? [String: [String]] ?? [:] where names.contains(name) {
            if !names.isSuperset(of: needed) { return false }
        }
        let known = schema["properties"] as? [String: [String: Any]] ?? [:]
        return mapping.allSatisfy { key, value in
            if let own = known[key.string ?? ""] { return accepts(value, own) }
            if let others = schema["additionalProperties"] as? [String: Any] { return accepts(value, others) }
            return schema["additionalProperties"] as? Bool != false
        }
    }

    private func has(_ node: Node, type: String) -> Bool {
        switch type {
        case "object": node.mapping != nil
        case "array": node.sequence != nil
        case "integer": node.scalar?.style == .plain && node.string.flatMap(Int.init) != nil
        default: node.scalar != nil
        }
    }
}

struct SchemaTests {
    @Test("The schema accepts every dialog that the compiler takes", arguments: ["cobranza", "chico", "nuevo"])
    func accepts(name: String) throws {
        let source: String
        switch name {
        case "chico": source = goodDialog
        case "nuevo": source = DialogTemplate(name: "nuevo").files[0].text
        default:
            let file = SharedData.repository.appendingPathComponent("Dialogs/\(name).yaml")
            source = try String(contentsOf: file, encoding: .utf8)
        }
        #expect(try SchemaValidator().accepts(source))
    }

    @Test("The schema of translations accepts those that the compiler takes, and no others")
    func translations() throws {
        let validator = try SchemaValidator(DialogSchema.translation)
        let file = SharedData.repository.appendingPathComponent("Dialogs/cobranza.es_419.yaml")
        #expect(try validator.accepts(String(contentsOf: file, encoding: .utf8)))
        #expect(try validator.accepts(LintSample.translation))
        #expect(try !validator.accepts(LintSample.translation.replacing("locale:", with: "idioma:")))
        #expect(try !validator.accepts(LintSample.translation.replacing("text: \"Prometo", with: "texto: \"Prometo")))
        #expect(try !validator.accepts(goodDialog))
    }

    /// Faults of form, which the schema can see; those of meaning are left to the lints.
    static let form: [Lint] = [
        .unknownKey, .wrongValue, .missingPart, .wrongSlotType, .unknownSlot, .unknownAction, .unknownHearing,
    ]

    @Test("The schema rejects what the compiler calls a fault of form", arguments: form)
    func rejects(_ lint: Lint) throws {
        let source =
            lint == .unknownSlot
            ? goodDialog.replacing("needs: [fecha, monto]", with: "needs: [fechas]") : lint.entry.faults[0].source
        #expect(try !SchemaValidator().accepts(source))
        #expect(compileDialog(source: source, file: "chico.yaml").dialog == nil)
    }

    @Test("The schema accepts every near miss", arguments: Lint.allCases)
    func nearMiss(_ lint: Lint) throws {
        #expect(try SchemaValidator().accepts(DialogSource(joined: lint.entry.nearMiss.source).text))
    }
}

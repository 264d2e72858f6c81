import Conduct
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData

/// The demo company of `Fixtures/` with the dialogs of `Dialogs/`: the world that the tests talk to.
public enum DemoCompany {
    public static let folder = SharedData.repository.appendingPathComponent("Fixtures")

    public static let accounts: [Account] = try! AccountImport.parse(csv: text("accounts.csv"), file: "accounts.csv")
        .get()

    /// Tuesday, 24 November 2026, 10:00: the day that the fixtures are written for.
    public static let morning = Moment(iso: "2026-11-24T10:00")!

    public static let world: World = {
        let policy = try! Policy.load(yaml: text("policy.yaml"), file: "policy.yaml")
        let folder = SharedData.repository.appendingPathComponent("Dialogs")
        func dialog(_ file: String) -> String {
            try! String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        }
        // With its translations, which are part of its version: otherwise a server takes the file for a changed one.
        let translations = try! FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("cobranza.") && DialogSource.locale(ofFile: $0) != nil }.sorted()
        let source = DialogSource(
            text: dialog("cobranza.yaml"),
            translations: translations.map { DialogSource.Translation(file: $0, text: dialog($0)) })
        let compiled = compileDialog(source: source.joined, file: "cobranza.yaml")
        return World(
            dialogs: ["cobranza": compiled.dialog!], entryDialog: "cobranza", policy: policy,
            payment: PaymentInstructions(
                alias: "red.fibra.pagos", cbu: "0000003100012345678901", link: "https://pagos.example/{cuenta}"),
            attendedHours: "lunes a viernes de 9 a 18")
    }()

    /// Rules under which the bot may speak first at any hour and as often as it likes: for tests on the machine's clock.
    public static let anyHour = ConductRules(rules: [], phrases: ConductRules.argentina.phrases)

    public static func account(_ id: String) -> Account { accounts.first { $0.id == id }! }

    /// The digits that prove who the account's holder is.
    public static func proof(_ id: String) -> String { String(account(id).document.suffix(3)) }

    public static func contact(_ id: String, channel: String = "whatsapp") -> ContactKey {
        ContactKey(channel: channel, gatewayAccount: "100000000000002", address: account(id).phone)
    }

    private static func text(_ name: String) -> String {
        try! String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
}

/// What customers write, to make conversations of at random.
public let utterances = [
    "hola", "si", "sí, soy yo", "no", "dale", "137", "999", "el viernes", "el 5 te tiro la mitad", "20 lucas", "todo",
    "pago hoy",
    "quiero cuotas", "3 cuotas", "la 1", "no puedo", "estoy sin laburo", "ya pagué", "no debo nada", "cuánto debo?",
    "cómo pago?", "quién sos?", "cuándo vence?", "gracias", "después te digo", "mejor el 10", "no, la mitad", "jaja",
    "👍", "ok",
    "mañana paso", "un palo", "$30.000,50", "fin de mes", "99999999999999999999", "el 31 de febrero", "\u{0}",
    "  a ver  ", "¿?",
]

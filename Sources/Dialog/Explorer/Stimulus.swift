import Ledger
import Negotiation
import Quantities
import Understanding

/// One thing that a customer may do, as a representative of all that means the same.
public struct Stimulus: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case text(String)
        /// The option with this name (without its serial) and title.
        case tap(name: String, title: String)
        /// An option of a message before the last.
        case staleTap
        case media
        case silence
        /// The person who attended gives the conversation back.
        case returned
    }
    public var kind: Kind
    /// Designer name of what it stands for, such as `pide_humano`; empty where it stands for nothing that is heard.
    public var meaning: String

    init(_ kind: Kind, _ meaning: String = "") {
        self.kind = kind
        self.meaning = meaning
    }

    /// The line of a `.chat` file that does it; nil where none does.
    /// - Parameter idleMinutes: after which the dialog asks whether somebody is there.
    func chatLine(idleMinutes: Int) -> String? {
        switch kind {
        case .text(let text): "user: \(text)"
        case .tap(_, let title): "tap: [\(title)]"
        case .media: "media: audio"
        case .returned: "agent: return"
        case .silence: "wait: \(idleMinutes)m"
        case .staleTap: nil
        }
    }

    /// A part of the debt that the policy takes, in whole units.
    static func part(of bargain: Bargain) -> Money {
        .units(
            max(bargain.minimumAmount.cents, bargain.statement.total.cents / 2) / 100 + 1, bargain.account.currency)
    }

    /// Instalments beyond what any policy gives.
    static let tooMany = 48

    /// A day that the policy takes.
    static func goodDay(_ bargain: Bargain) -> Day { bargain.today.adding(days: 2) }
    /// A day beyond what the policy takes.
    static func lateDay(_ bargain: Bargain) -> Day { bargain.latestDay.adding(days: 20) }

    /// What is written, one way for each thing that the reader tells apart.
    /// - Parameters:
    ///   - facts: for the account's document and the policy's limits.
    static func texts(for facts: Facts) -> [Stimulus] {
        let bargain = facts.bargain
        let (good, late) = (goodDay(bargain), lateDay(bargain))
        func written(_ day: Day) -> String { "el \(day.dayOfMonth)/\(day.month)/\(day.year)" }
        let amount = "$ \(part(of: bargain).cents / 100)"
        let total = bargain.statement.total.formatted
        let document = String(bargain.account.document.suffix(3))
        let wrong = document == "111" ? "222" : "111"
        let said: [(String, String)] = [
            ("hola", "saluda"), ("sí", "si"), ("no", "no"), ("acepto", "acepta"), ("gracias", "agradece"),
            (document, "documento"),
            (wrong, "documento"), ("te pago todo \(written(good))", "promete"),
            ("te pago \(amount) \(written(good))", "promete"),
            ("te pago todo \(written(late))", "promete"), ("te pago $ 1 \(written(good))", "promete"),
            ("te pago todo hoy", "promete"), ("puedo entre \(amount) y \(total)", "monto"),
            ("voy a pagar", "promete"), ("cobro el 10", "dia_de_cobro"), (written(good), "fecha"), (amount, "monto"),
            ("quiero cuotas", "pide_cuotas"), ("en 3 cuotas", "cuotas"),
            ("en \(tooMany) cuotas", "cuotas"), ("la primera", "opcion"), ("pago una parte", "pago_parcial"),
            ("ya pagué", "ya_pago"), ("me hacés un descuento?", "pide_descuento"),
            ("no puedo pagar", "no_puede"), ("me quedé sin trabajo", "dificultad"),
            ("no reconozco esa deuda", "desconoce_deuda"),
            ("número equivocado", "persona_equivocada"), ("soy la hermana", "tercero"),
            ("mi mujer se encarga de eso", "tercero"),
            ("cuánto debo?", "pregunta_saldo"),
            ("cómo pago?", "pregunta_como_pagar"), ("cuándo vence?", "pregunta_vencimiento"),
            ("qué pasa si no pago?", "pregunta_consecuencias"), ("por qué no se puede otro día?", "pregunta_por_que"),
            ("para qué querés mi documento?", "pregunta_documento"), ("a qué hora atienden?", "pregunta_horario"),
            ("quién sos?", "pregunta_quien_es"), ("perdón por la demora", "se_disculpa"),
            ("más adelante", "posterga"), ("después te aviso", "avisa_despues"),
            ("quiero hablar con una persona", "pide_humano"),
            ("esto es un robo", "queja"),
            ("los voy a denunciar", "amenaza_legal"), ("no quiero vivir más", "angustia"),
            ("soy la hija, mi mamá falleció", "fallecimiento"),
            ("esto es una estafa", "sospecha_estafa"),
            ("no me escriban más", "pide_baja"), ("andá a la mierda", "insulto"),
            ("hijos de puta váyanse a la mierda ladrones", "insulto_repetido"), ("xyzzy", ""),
        ]
        return said.map { Stimulus(.text($0.0), $0.1) }
    }
}

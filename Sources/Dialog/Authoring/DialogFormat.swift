/// The keys of the format, in one place: the compiler takes these and no others, and the schema for editors is made of
/// them.
enum DialogFormat {
    /// The keys of one mapping.
    struct Table: Sendable {
        let name: String
        let keys: [Key]
        let names: [String]
        /// Only one of the keys at a time.
        let isChoice: Bool

        init(_ name: String, isChoice: Bool = false, _ keys: [Key]) {
            self.name = name
            self.keys = keys
            self.isChoice = isChoice
            names = keys.map(\.name)
        }
    }

    struct Key: Sendable {
        let name: String
        let value: Value
        var required = false
        /// Another key that this one needs beside it.
        var with: String?
        /// For the designer, in Spanish.
        let about: String
    }

    indirect enum Value: Sendable {
        /// With `{placeholders}`.
        case text
        /// Of a state, an outcome, a reason.
        case name
        case condition
        /// `si` or `no`.
        case flag
        case number(ClosedRange<Int>)
        /// `20m`, `2h`.
        case duration
        case oneOf([String])
        case list(Value)
        case oneOrMany(Value)
        case table(Table)
        /// Names of the designer's own, each with another name.
        case names
        /// Names of the designer's own, each with a table.
        case named(Table)
    }

    static let hearing = Value.oneOf((Array(DialogVocabulary.intents.keys) + DialogVocabulary.readings).sorted())
    private static let factNames = Value.oneOf(DialogVocabulary.facts.keys.sorted())
    private static let actions = Value.oneOf(Action.allCases.map(\.rawValue))

    /// The slots that there are, with their types.
    static let slotTypes: [(name: String, type: SlotType)] = [("monto", .money), ("fecha", .day), ("cuotas", .count)]

    static func factType(of slot: SlotType) -> Fact.Kind {
        switch slot {
        case .money: .money
        case .day: .day
        case .count, .choice, .text: .number
        }
    }

    static let dialog = Table(
        "dialog",
        [
            Key(
                name: "dialog", value: .name, required: true,
                about: "El nombre del diálogo: el del archivo sin `.yaml`."),
            Key(name: "start", value: .name, required: true, about: "El estado en que empieza la conversación."),
            Key(name: "facts", value: .oneOrMany(factNames), about: "Los datos que el diálogo usa."),
            Key(name: "slots", value: .table(slots), about: "Lo que el cliente puede decir y el bot sabe preguntar."),
            Key(name: "limits", value: .table(limits), required: true, about: "Hasta dónde insiste el bot."),
            Key(
                name: "escalate", value: .oneOrMany(hearing), required: true,
                about: "Lo que deriva a una persona desde cualquier estado."),
            Key(name: "on_escalate", value: .name, required: true, about: "El estado que deriva a una persona."),
            Key(
                name: "digressions", value: .named(digression),
                about: "Preguntas al paso: se contestan en cualquier estado y se vuelve a la pregunta."),
            Key(name: "states", value: .named(state), required: true, about: "Los estados de la conversación."),
            Key(
                name: "properties", value: .list(.table(property)),
                about: "Lo que tiene que valer siempre; lo prueba `promesa dialog check`."),
            Key(
                name: "migrate", value: .names,
                about: "Charlas en curso con una versión anterior: su estado, y en cuál de estos siguen."),
        ])

    /// A file of translations.
    static let translation = Table(
        "translation",
        [
            Key(name: "dialog", value: .name, required: true, about: "El diálogo que traduce: `dialog: cobranza`."),
            Key(
                name: "locale", value: .name, required: true,
                about: "Para quién es, como en el nombre del archivo: `locale: es_MX`."),
            Key(
                name: "texts", value: .list(.table(translatedText)), required: true,
                about: "Cada texto, como está en el diálogo (`base`) y como se dice acá (`text`)."),
        ])

    static let translatedText = Table(
        "translated_text",
        [
            Key(name: "base", value: .text, required: true, about: "El texto como está en el diálogo."),
            Key(name: "text", value: .text, required: true, about: "Cómo se dice acá; vacío, se dice el de `base`."),
        ])

    static let slots = Table(
        "slots",
        slotTypes.map { entry in
            Key(name: entry.name, value: .table(slot(entry.name, entry.type)), about: "El casillero `\(entry.name)`.")
        })

    static func slot(_ name: String, _ type: SlotType) -> Table {
        let wanted = factType(of: type)
        let limit = Value.oneOf(
            DialogVocabulary.facts.filter { $0.value.kind == wanted }.keys.sorted().map { "{\($0)}" })
        return Table(
            "slot_\(name)",
            [
                Key(name: "type", value: .oneOf([type.rawValue]), required: true, about: "El tipo del casillero."),
                Key(name: "ask", value: .text, required: true, about: "La pregunta con que se pide."),
                Key(
                    name: "min", value: limit, with: "invalid", about: "Lo mínimo que se acepta: un dato entre llaves."),
                Key(
                    name: "max", value: limit, with: "invalid", about: "Lo máximo que se acepta: un dato entre llaves."),
                Key(name: "invalid", value: .text, about: "Lo que se contesta cuando se pasa de sus límites."),
            ])
    }

    static let limits = Table(
        "limits",
        [
            Key(name: "reprompts", value: .number(0...10), about: "Cuántas veces seguidas puede no entender."),
            Key(name: "counter_offers", value: .number(0...10), about: "Cuántas contraofertas puede hacer."),
            Key(name: "idle", value: .duration, about: "Cuánto espera en silencio, como `20m` o `2h`."),
            Key(
                name: "on_limit", value: .name, required: true,
                about: "El estado al que se va cuando se pasa un límite."),
            Key(name: "on_idle", value: .text, about: "Lo que se dice una vez cuando el cliente no contesta."),
        ])

    static let digression = Table(
        "digression",
        [
            Key(name: "hears", value: .oneOrMany(hearing), required: true, about: "Lo que pregunta el cliente."),
            Key(name: "say", value: .text, required: true, about: "Lo que se contesta."),
            Key(name: "unverified", value: .text, about: "Lo que se contesta antes de saber con quién se habla."),
            Key(name: "always", value: .flag, about: "Si gana aun a las opciones del estado."),
        ])

    static let property = Table(
        "property", isChoice: true,
        [
            Key(name: "always", value: .condition, about: "Una condición que vale después de cada turno."),
            Key(name: "never", value: .condition, about: "Una condición que no vale nunca."),
            Key(
                name: "leads-to", value: .name,
                about: "`estado -> estado`: desde el primero siempre se puede llegar al otro."),
        ])

    static let state = Table(
        "state",
        [
            Key(name: "do", value: .oneOrMany(actions), about: "Lo que se hace al entrar."),
            Key(
                name: "route", value: .list(.table(route)),
                about: "Caminos que se toman solos: el primero que se cumple."),
            Key(name: "say", value: .oneOrMany(.text), about: "Lo que se dice al entrar."),
            Key(name: "ask", value: .text, about: "La pregunta."),
            Key(name: "again", value: .text, about: "La pregunta en menos palabras, para cuando se repite."),
            Key(
                name: "expects", value: .oneOf(SlotType.allCases.map(\.rawValue)),
                about: "Qué es una respuesta a secas, como «el 5»."),
            Key(name: "confirms", value: .flag, about: "Si su `si` registra: la pregunta repite el importe y el día."),
            Key(name: "identity", value: .flag, about: "Si pregunta por el documento."),
            Key(name: "buttons", value: .list(.table(button)), about: "Los botones de la pregunta."),
            Key(name: "show", value: .oneOf(["planes"]), about: "Muestra los planes de cuotas como opciones."),
            Key(name: "choose", value: .list(.table(choice)), about: "Lo que se escucha y a dónde lleva, en orden."),
            Key(name: "otherwise", value: .text, about: "Lo que se dice cuando no se entiende."),
            Key(name: "end", value: .name, about: "La conversación termina, con este resultado."),
            Key(name: "handoff", value: .name, about: "La conversación pasa a una persona, por este motivo."),
        ])

    static let route = Table(
        "route",
        [
            Key(name: "when", value: .condition, about: "Cuándo se toma; sin esto, siempre."),
            Key(name: "next", value: .name, required: true, about: "El estado al que lleva."),
        ])

    static let choice = Table(
        "choice",
        [
            Key(name: "hears", value: .oneOrMany(hearing), required: true, about: "Lo que dice el cliente."),
            Key(name: "when", value: .condition, about: "Solo cuando se cumple."),
            Key(
                name: "needs", value: .oneOrMany(.oneOf(slotTypes.map(\.name))),
                about: "Lo que hay que saber antes de seguir; lo que falta se pregunta."),
            Key(name: "do", value: .oneOrMany(actions), about: "Lo que se hace."),
            Key(name: "say", value: .text, about: "Lo que se contesta antes de seguir."),
            Key(name: "next", value: .name, about: "El estado al que lleva; sin esto, se queda en la pregunta."),
        ])

    static let button = Table(
        "button",
        [
            Key(name: "text", value: .text, required: true, about: "Lo que dice el botón: hasta 20 letras."),
            Key(name: "hears", value: hearing, required: true, about: "Lo que vale tocarlo."),
        ])
}

import Conversations
import Ledger
import Quantities
import Service

/// Who takes part: some of the company's accounts, two of one person, two with one phone, and a stranger; some of the
/// people write on more than one channel.
struct Cast: Sendable {
    struct Person: Sendable {
        var contact: ContactKey
        var accountID: String?
        /// The digits that prove who the holder is.
        var proof: String
        /// What Telegram vouches for once they share it.
        var phone: String
    }
    struct Agent: Sendable {
        var name: String
        var token: String
        var isManager: Bool
    }
    var accounts: [Account]
    var people: [Person]
    var agents: [Agent]

    init(of company: [Account], _ configuration: Configuration) {
        var accounts = Array(company.prefix(4))
        if var second = accounts.first {
            second.id += "-2"
            second.phone = "+5491177770001"
            accounts.append(second)
        }
        // Whoever writes from here may be either of two.
        if accounts.count > 3 {
            accounts[2].phone = accounts[3].phone
        }
        self.accounts = accounts
        func person(_ channel: String, _ gateway: String, _ address: String, _ account: Account) -> Person {
            Person(
                contact: ContactKey(channel: channel, gatewayAccount: gateway, address: address), accountID: account.id,
                proof: String(account.document.suffix(3)), phone: account.phone)
        }
        let number = configuration.whatsApp?.phoneNumberID ?? ""
        people = accounts.map { person("whatsapp", number, $0.phone, $0) }
        people.append(
            Person(
                contact: ContactKey(channel: "whatsapp", gatewayAccount: number, address: "+5491199999999"),
                accountID: nil, proof: "000", phone: "+5491199999999"))
        if let from = configuration.sms?.from { people.append(person("sms", from, accounts[0].phone, accounts[0])) }
        if let bot = configuration.gateways.telegram?.bot {
            people.append(person("telegram", bot, "7001", accounts[1]))
        }
        people.append(person("generic", "default", accounts[1].phone, accounts[1]))
        people.append(person("generic", "default", accounts[4].phone, accounts[4]))
        agents = configuration.agents.compactMap { agent in
            agent.token.map { Agent(name: agent.name, token: $0, isManager: agent.role == .manager) }
        }
    }

    /// Other contacts of the same person.
    func siblings(of index: Int) -> [Int] {
        func holder(_ person: Person) -> String? {
            accounts.first { $0.id == person.accountID }?.personKey
        }
        guard let own = holder(people[index]) else { return [] }
        return people.indices.filter { $0 != index && holder(people[$0]) == own }
    }
}

enum Sayings {
    static let human = ["quiero hablar con una persona", "pasame con un asesor", "quiero una persona"]
    static let optOut = ["no me escriban más", "no quiero recibir más mensajes"]
    static let promising = [
        "el viernes pago todo", "pago todo mañana", "el 5 te tiro la mitad", "te pago 20 lucas el lunes", "pago hoy",
        "3 cuotas", "quiero cuotas", "la 1", "el viernes 20 lucas y el resto el 10", "mañana 15000",
    ]
    static let yes = ["dale", "sí", "sí, confirmo", "ok"]
    static let other = [
        "hola", "no", "cuánto debo?", "cuánto debo?", "cómo pago?", "quién sos?", "no puedo", "ya pagué",
        "no debo nada", "mejor el 10", "después te digo", "gracias", "👍", "jaja", "999", "el 31 de febrero",
        "99999999999999999999", "equivocado", "esto es una estafa", "\u{0}", "¿?", "escribime después de las 18",
        "me quedé sin trabajo", "dame un descuento", "paso a fin de mes", "pago el 10 de cada mes",
    ]
}

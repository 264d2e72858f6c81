import ArgumentParser
import Conduct
import Conversations
import Foundation
import Ledger
import Negotiation
import Quantities
import Service
import Storage

struct ConductCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conduct", abstract: "Whether and when a person may be written to.", subcommands: [Explain.self])

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say, rule by rule, whether a person may be written to at a moment, and when next.")

        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database, also while a server uses it; the accounts beside the configuration unless given.")
        var database: String?
        @Option(help: "The country's rules: \(ConductRules.countries.keys.sorted().joined(separator: ", ")).")
        var country: String?
        @Option(help: "The channel on which it would be sent.") var channel = "whatsapp"
        @Option(help: "What for: proactive, receipt, requested or reply.") var purpose = "proactive"
        @Argument(help: "The account.") var account: String
        @Argument(help: "The moment, such as 2026-11-28T14:30.") var moment: String

        func run() throws {
            var (world, accounts) = try demoWorld(options)
            guard let now = Moment(iso: moment, in: world.zone) else {
                throw refuse("\(moment): expected a moment such as 2026-11-28T14:30")
            }
            guard let purpose = ContactPurpose(rawValue: purpose) else {
                throw refuse("--purpose \(purpose): expected proactive, receipt, requested or reply")
            }
            if let country {
                guard let rules = ConductRules.countries[country.uppercased()] else {
                    throw refuse(
                        "--country \(country): expected one of \(ConductRules.countries.keys.sorted().joined(separator: ", "))"
                    )
                }
                world.conduct = rules
            }
            let record = try contactRecord(accounts)
            var history = record.history
            history.wrongNumber = record.conversations.contains { $0.contact.channel == channel && $0.wrongNumber }
            // What came later did not count yet.
            history.proactive.removeAll { $0.at > now }
            let statement = record.account.statement(on: now.day(in: world.zone), indices: world.indices).demandable
            let explanation = world.conduct.explain(
                purpose, on: channel, history: history, at: now, zone: world.zone, calendar: world.calendar,
                charge: statement.charges, informed: record.account.chargeNotice)
            print(Self.rendered(explanation, record.account, purpose, channel, now, world.zone))
        }

        private func contactRecord(_ accounts: [Account]) throws -> ContactRecord {
            do {
                if let database {
                    if let record = try Store.contactRecord(accountID: account, in: database) { return record }
                    throw refuse("there is no account `\(account)` in \(database)")
                }
            } catch let error as StoreError {
                throw refuse(error.description)
            }
            guard let found = accounts.first(where: { $0.id == account }) else {
                throw refuse(
                    "there is no account `\(account)`; for example: \(accounts.prefix(12).map(\.id).joined(separator: ", "))"
                )
            }
            let history = MemoryStore(accounts: accounts).contactHistory(accountID: account)
            return ContactRecord(account: found, history: history, conversations: [])
        }

        static func rendered(
            _ explanation: ConductExplanation, _ account: Account, _ purpose: ContactPurpose, _ channel: String,
            _ now: Moment, _ zone: Zone
        ) -> String {
            let what =
                switch purpose {
                case .reply: "contestarle a quien escribió"
                case .proactive: "escribirle por iniciativa propia"
                case .nudge: "volver a preguntarle en una charla que empezó"
                case .receipt: "avisarle que llegó un pago"
                case .requested: "llamarlo porque lo pidió"
                }
            var lines = ["\(account.fullName) (\(account.id)): \(what) por \(channel), \(written(now, zone))", ""]
            for finding in explanation.findings {
                let answer =
                    switch finding.answer {
                    case .permits: "sí   "
                    case .refuses: "NO   "
                    case .looksAtText: "texto"
                    }
                lines.append("\(answer)  \(finding.rule.id): \(finding.rule.why)")
                lines.append("       dato: \(finding.datum)")
                lines.append("       fuente: \(finding.rule.source)")
            }
            lines.append("")
            switch explanation.permission {
            case .allowed:
                lines.append(
                    purpose == .reply
                        ? "Se puede: a quien escribe se le contesta siempre." : "Se puede: ninguna regla lo impide.")
            case .refused(let refusal): lines.append("No se puede: \(refusal.why) (\(refusal.rule.id)).")
            }
            lines.append(
                "Primer momento permitido: \(explanation.next.map { written($0, zone) } ?? "ninguno, mientras siga así")."
            )
            return lines.joined(separator: "\n")
        }

        private static func written(_ moment: Moment, _ zone: Zone) -> String {
            let day = moment.day(in: zone)
            return "\(day.weekday.spanishName) \(moment.iso(in: zone).prefix(16).replacing("T", with: " "))"
        }
    }
}

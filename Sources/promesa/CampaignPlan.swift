import Campaigns
import Conduct
import Conversations
import Ledger
import Quantities

/// A dry run: who would be written to, when and with what, and who would not, and why.
struct CampaignPlan {
    var campaign: Campaign
    var at: Moment
    var zone: Zone
    var entries: [(account: Account, decision: Decision)]

    /// Decides about every account, and lets nobody be written to for two contracts on one day.
    init(
        _ campaign: Campaign, accounts: [Account], at moment: Moment, processor: TurnProcessor, tx: any TurnTransaction
    ) throws {
        self.campaign = campaign
        at = moment
        zone = processor.world.zone
        entries = []
        var planned: [String: [Contact]] = [:]
        for account in accounts.sorted(by: { $0.id < $1.id }) {
            let decision = try processor.plan(
                campaign, for: account, besides: planned[account.personKey] ?? [], now: moment, tx: tx)
            if case .send(let message) = decision {
                planned[account.personKey, default: []].append(
                    Contact(at: message.at, channel: message.channel.rawValue))
            }
            entries.append((account, decision))
        }
    }

    /// - Parameter shown: at most this many accounts of each kind.
    func report(showing shown: Int) -> String {
        let messages = entries.compactMap { entry -> (Account, PlannedMessage)? in
            if case .send(let message) = entry.decision { (entry.account, message) } else { nil }
        }.sorted { ($0.1.at, $0.0.id) < ($1.1.at, $1.0.id) }
        var text = "campaña \(campaign.name) (\(campaign.version)) al \(minute(at)): \(entries.count) cuentas\n"
        text += "\nSe escribe a \(messages.count):\n"
        if !messages.isEmpty { text += row("cuándo", "cuenta", "quién", "canal", "día", "qué") }
        for (account, message) in messages.prefix(shown) {
            let what =
                (message.template.map { "[\($0.name)] " } ?? "") + (message.subject.map { "«\($0)» " } ?? "")
                + message.text
            text += row(
                minute(message.at), account.id, account.fullName, message.channel.rawValue, String(message.stepDay),
                cut(what, 70))
            for remark in message.remarks { text += "                  · \(remark)\n" }
        }
        if messages.count > shown { text += "… y \(messages.count - shown) más (--show)\n" }
        text += closings(shown) + refusals(shown)
        let byChannel = Dictionary(grouping: messages, by: { $0.1.channel }).sorted { $0.key < $1.key }
        let verified = messages.count { $0.1.verified }
        text += "\nTotal: \(messages.count) mensajes"
        if !messages.isEmpty {
            text += " (" + byChannel.map { "\($0.key.rawValue) \($0.value.count)" }.joined(separator: ", ") + ")"
            text += ", \(messages.count { $0.1.at == at }) ya mismo, \(verified) con cifras a quien ya dijo quién es"
        }
        return text + ". No se mandó nada.\n"
    }

    private func closings(_ shown: Int) -> String {
        let closings = entries.compactMap { entry -> String? in
            guard case .close(let closing, let moment) = entry.decision else { return nil }
            return "  \(minute(moment))  \(entry.account.id)  \(closing.task)\n"
        }
        if closings.isEmpty { return "" }
        return "\nSigue una persona con \(closings.count):\n" + closings.prefix(shown).joined()
    }

    private func refusals(_ shown: Int) -> String {
        var reasons: [String: [String]] = [:]
        for case (let account, .noContact(let refusal)) in entries {
            reasons[refusal.why, default: []].append(account.id)
        }
        let count = reasons.values.reduce(0) { $0 + $1.count }
        if count == 0 { return "" }
        var text = "\nNo se escribe a \(count):\n"
        for (reason, accounts) in reasons.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
            let names = accounts.prefix(4).joined(separator: ", ") + (accounts.count > 4 ? "…" : "")
            text += "  \(pad(String(accounts.count), 4, right: true))  \(reason)  (\(names))\n"
        }
        return text
    }

    private func row(_ when: String, _ account: String, _ who: String, _ channel: String, _ day: String, _ what: String)
        -> String
    {
        "  "
            + [
                pad(when, 16), pad(cut(account, 14), 14), pad(cut(who, 22), 22), pad(channel, 8),
                pad(day, 4, right: true), what,
            ]
            .joined(separator: "  ") + "\n"
    }

    private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }

    private func cut(_ text: String, _ width: Int) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > width ? line.prefix(width - 1) + "…" : line
    }

    private func minute(_ moment: Moment) -> String {
        String(moment.iso(in: zone).prefix(16)).replacing("T", with: " ")
    }
}

import Campaigns
import Conduct
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData

/// Campaigns, accounts and rules to decide about.
enum Bench {
    static let morning = Moment(iso: "2026-11-24T10:00")!

    static let rules = CampaignRules(
        conduct: .argentina, zone: .argentina, calendar: .argentina,
        company: CompanyDetails(
            payment: PaymentInstructions(alias: "red.fibra.pagos", cbu: "000", link: "https://pagos.example/{cuenta}"),
            attendedHours: "lunes a viernes de 9 a 18"))

    static func source(_ name: String) throws -> String {
        try String(
            contentsOf: SharedData.repository.appendingPathComponent("Fixtures/campaigns/\(name).yaml"), encoding: .utf8
        )
    }

    static func campaign(_ name: String) throws -> Campaign {
        let file = CampaignFile(source: try source(name), file: name)
        struct Wrong: Error { let findings: [CampaignFinding] }
        guard let campaign = file.campaign else { throw Wrong(findings: file.findings) }
        return campaign
    }

    /// An account that has owed 20.000 pesos since `daysPastDue` days before 24 November 2026.
    static func situation(daysPastDue: Int, verified: Bool = false, stage: Stage = .administrative) -> Situation {
        let due = morning.day(in: .argentina).adding(days: -daysPastDue)
        let item = Item(
            id: "i1", description: "Internet octubre 2026", principal: Money(cents: 2_000_000), dueDate: due)
        let account = Account(
            id: "ana", creditor: "Red Fibra", firstName: "Ana", fullName: "Ana Díaz", document: "20000111",
            phone: "+5491100000003", items: [item])
        return Situation(
            account: account, statement: account.statement(on: morning.day(in: .argentina)), stage: stage,
            segment: "ocasional",
            reach: [
                .whatsapp: .address(account.phone, verified: verified), .sms: .address(account.phone, verified: false),
                .voice: .address(account.phone, verified: false), .mail: .none("no hay un mail"),
            ])
    }
}

extension Decision {
    var message: PlannedMessage? { if case .send(let message) = self { message } else { nil } }
    var refusal: NoContact? { if case .noContact(let refusal) = self { refusal } else { nil } }
}

import Conversations
import Ledger
import Quantities

/// Files of the ERP that come in while the server runs.
extension Reference {
    /// All of a file, or nothing where a row of it cannot be read.
    func take(_ file: ImportedFile, now: Moment) {
        imports += 1
        guard var account = store.account(id: file.accountID) else { return }
        switch file.content {
        case .item(let item):
            account.put(item)
            store.save(account)
        case .optOut:
            account.optedOut = true
            store.save(account)
        case .payment(let payment) where store.promises(accountID: account.id).isEmpty:
            pays(payment, accountID: account.id)
            account.payments.append(payment)
            store.save(account)
        case .payment(let payment): receive(payment, accountID: account.id, now: now)
        case .nothing: break
        }
    }

    /// The audit log says who imported what.
    func note(_ file: ImportedFile, now: Moment) {
        store.append(
            AuditEvent(
                at: now, conversationID: nil, accountID: nil, kind: "import",
                detail: ["operator", file.kind.rawValue, "body", "1"]))
    }
}

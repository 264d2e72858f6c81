/// What can be broken on purpose, to show that a simulation finds it. None needs a seam in the server.
package enum Flaw: String, CaseIterable, Sendable {
    /// The disk reports syncs that it does not do.
    case diskIgnoresSync
    /// The database runs without waiting for the disk.
    case databaseDoesNotSync
    /// Gateways are answered before the commit.
    case acknowledgesBeforeCommit
    /// Messages are noted as sent before they are.
    case notesBeforeSending
    /// What was read to be sent leaves later, whoever speaks by then.
    case ignoresEpoch
    /// A message that comes again counts as a new one.
    case forgetsMessages
    /// A payment that comes in is not written.
    case losesPayments
}

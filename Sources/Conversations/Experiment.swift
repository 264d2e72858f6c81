import Dialog
import Quantities

/// A comparison of two dialogs: a part of the accounts begins with the other one, always the same accounts.
public struct Experiment: Sendable {
    public var name: String
    public var dialog: CompiledDialog
    /// Of a hundred accounts, how many; 0 to 100.
    public var share: Int

    public init(name: String, dialog: CompiledDialog, share: Int) {
        self.name = name
        self.dialog = dialog
        self.share = share
    }

    /// By a hash of the account and the experiment's name, so that experiments do not divide people alike.
    public func takes(_ accountID: String) -> Bool {
        Int(stableHash("\(name)/\(accountID)") % 1009 % 100) < share
    }
}

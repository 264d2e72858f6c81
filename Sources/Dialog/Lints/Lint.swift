/// Every kind of finding, by what it finds. The raw value is the code that designers see: `E…` keeps a dialog from being
/// loaded, `W…` does not. What each means is in ``entry``.
public enum Lint: String, Hashable, Sendable, CaseIterable {
    case notReadable = "E00"
    case unknownKey = "E01"
    case wrongValue = "E02"
    case missingPart = "E03"
    case wrongName = "E04"
    case unknownFact = "E05"
    case wrongSlotType = "E06"
    case unknownSlot = "E07"
    case unknownAction = "E08"
    case unknownHearing = "E09"
    case wrongCondition = "E10"
    case unknownState = "E11"
    case unreachableState = "E12"
    case deadEnd = "E13"
    case shadowedChoice = "E14"
    case figureWithoutValue = "E15"
    case debtBeforeIdentity = "E16"
    case unconfirmedPromise = "E17"
    case noHuman = "E18"
    case endlessWay = "E19"
    case overChannelLimit = "E20"
    case neverHeard = "E21"
    case repeatedOption = "E22"
    case forbiddenWording = "E23"
    case contradictingButton = "E24"
    case endlessAsking = "E25"
    case figureLostInTranslation = "E26"
    case unusedSlot = "W01"
    case longText = "W02"
    case harshWords = "W03"
    case unusedFact = "W04"
    case noIntroduction = "W05"
    case insistentLimit = "W06"
    case offerAfterNo = "W07"
    case missingTranslation = "W08"
    case orphanTranslation = "W09"

    public var code: String { rawValue }
    public var severity: Diagnostic.Severity { rawValue.hasPrefix("W") ? .warning : .error }
}

/// The one place that tells what a lint is: the explanation in the terminal, the page of documentation and the tests
/// are made from it.
public struct LintEntry: Sendable {
    public var title: String
    /// What a customer would suffer.
    public var why: String
    public var fix: String
    /// Ways to spoil ``LintSample/source``, each found by this lint and no other. The first is the documented one.
    public var faults: [LintEdit]
    /// A change that looks like the fault and is right.
    public var nearMiss: LintEdit
}

/// A change to ``LintSample/source``, or to its translation.
public struct LintEdit: Sendable, Hashable {
    /// The words at the place of the finding; empty for a near miss.
    public var found: String
    public var replacements: [Replacement]
    /// The change is to the sample with its translation beside it.
    public var inTranslation: Bool

    public struct Replacement: Sendable, Hashable {
        public var old: String
        public var new: String
    }

    init(found: String = "", inTranslation: Bool = false, _ changes: (String, String)...) {
        self.found = found
        self.inTranslation = inTranslation
        replacements = changes.map { Replacement(old: $0.0, new: $0.1) }
    }

    /// The sample as it is without the change.
    public var original: String { inTranslation ? LintSample.translated : LintSample.source }

    /// The sample with the change made.
    public var source: String { replacements.reduce(original) { $0.replacing($1.old, with: $1.new) } }
}

import Quantities
import Understanding

/// What a person may ask about the data that are held on them (Argentina, Ley 25.326).
public enum DataRight: String, Hashable, Sendable, Codable, CaseIterable {
    /// To know them (art. 14).
    case access
    /// To have them put right (art. 16).
    case rectification
    /// To have them suppressed (art. 16).
    case erasure

    /// The last day on which it is answered in time: ten days running for access (art. 14 inc. 2), five working days for
    /// the others (art. 16 inc. 2). The day on which it was asked does not count.
    public func due(askedOn day: Day, calendar: BusinessCalendar) -> Day {
        switch self {
        case .access: day.adding(days: 10)
        case .rectification, .erasure: calendar.adding(businessDays: 5, to: day)
        }
    }

    /// As a manager reads it.
    public var spanishName: String {
        switch self {
        case .access: "acceso"
        case .rectification: "rectificación"
        case .erasure: "supresión"
        }
    }
}

extension ConductRules {
    /// Which right over their data somebody exercises, in their own words: "borren mis datos", "qué datos tienen de mí".
    ///
    /// The law does not depend on the dialog, so this is looked for in every message, whatever was asked. Wishes about what
    /// others hold (Veraz, the central bank) are none of it.
    public func dataRight(in text: String) -> DataRight? {
        let words = phrases.folded(text)
        guard words.words.count > 1, phrases.first("datos_de_otros", in: words) == nil else { return nil }
        for (right, list) in [
            (DataRight.erasure, "datos_suprimir"), (.rectification, "datos_corregir"), (.access, "datos_conocer"),
        ] where phrases.first(list, in: words) != nil { return right }
        // "Qué datos tienen de mí", but not "… de mi factura".
        let last = words.words.last { $0.text.contains(where: \.isLetter) }
        if let match = phrases.first("datos_conocer_al_final", in: words), match.span.end == last?.span.end {
            return .access
        }
        return nil
    }
}

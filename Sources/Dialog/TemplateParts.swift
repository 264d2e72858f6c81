/// The variable part of the header of a WhatsApp template.
public enum TemplateHeader<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    case text(Value)
    /// Where WhatsApp fetches it, over HTTPS.
    case image(String)
    case video(String)
    case document(String)

    public func map<Other>(_ transform: (Value) -> Other) -> TemplateHeader<Other> {
        switch self {
        case .text(let value): .text(transform(value))
        case .image(let link): .image(link)
        case .video(let link): .video(link)
        case .document(let link): .document(link)
        }
    }
}

/// One button of a WhatsApp template.
public enum TemplateButton<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    /// Nothing of it varies.
    case fixed
    /// What comes after its URL.
    case url(Value)
    /// What comes back when it is tapped.
    case reply(String)
    /// What it copies.
    case code(Value)

    public func map<Other>(_ transform: (Value) -> Other) -> TemplateButton<Other> {
        switch self {
        case .fixed: .fixed
        case .url(let value): .url(transform(value))
        case .reply(let payload): .reply(payload)
        case .code(let value): .code(transform(value))
        }
    }
}

extension TemplateHeader<String> {
    public var value: String {
        switch self {
        case .text(let value), .image(let value), .video(let value), .document(let value): value
        }
    }
}

extension TemplateButton<String> {
    public var value: String? {
        switch self {
        case .fixed: nil
        case .url(let value), .reply(let value), .code(let value): value
        }
    }
}

/// What a gateway signs with, or the key to it.
public struct GatewaySecret: Sendable {
    /// The one that we sign with.
    public var current: String
    /// The one before, which still verifies while the gateway is changed over.
    public var previous: String?

    public init(_ current: String, previous: String? = nil) {
        self.current = current
        self.previous = previous
    }

    /// Those that verify.
    var accepted: [String] { [current] + [previous].compactMap(\.self) }
}

extension GatewaySecret: Undisclosed {}

extension ConfigurationReader {
    /// The secret at `path`, and at `path_previous` the one that was in use before, each in any way that a secret is given.
    mutating func gatewaySecret(_ path: String, variable: String, default fallback: String? = nil) -> GatewaySecret {
        GatewaySecret(
            secret(path, variable: variable, default: fallback),
            previous: optionalSecret(path + "_previous", variable: variable + "_PREVIOUS"))
    }
}

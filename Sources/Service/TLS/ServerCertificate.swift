import Foundation
import NIOSSL
import Synchronization

/// The certificate that the server shows. Connections begun after ``reload()`` get the new one; others go on.
final class ServerCertificate: Sendable {
    private struct Pair {
        var shown = NIOSSLContextConfigurationOverride()
        /// Seconds since 1970.
        var expires: Int64
    }

    private let files: Configuration.TLS
    private let current: Mutex<Pair>

    /// - Throws: ``ConfigurationError`` where the files cannot be used, with which and why.
    init(_ files: Configuration.TLS) throws {
        self.files = files
        current = Mutex(try Self.read(files))
    }

    /// Reads the files again. Where they cannot be used, the certificate stays that is shown now.
    /// - Throws: ``ConfigurationError``.
    func reload() throws {
        let pair = try Self.read(files)
        current.withLock { $0 = pair }
    }

    /// When the certificate ends, in seconds since 1970.
    var expires: Int64 { current.withLock { $0.expires } }

    /// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption only.
    func tlsConfiguration() -> TLSConfiguration {
        let shown = current.withLock { $0.shown }
        var configuration = Self.configuration(shown)
        configuration.sslContextCallback = { [self] _, promise in promise.succeed(current.withLock { $0.shown }) }
        return configuration
    }

    private static func configuration(_ shown: NIOSSLContextConfigurationOverride) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: shown.certificateChain ?? [], privateKey: shown.privateKey ?? .file(""))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    private static func read(_ files: Configuration.TLS) throws -> Pair {
        func reading<Value>(_ setting: String, _ file: String, _ read: () throws -> Value) throws -> Value {
            do {
                return try read()
            } catch {
                let why = FileManager.default.isReadableFile(atPath: file) ? "holds none" : "cannot be read"
                throw ConfigurationError([
                    "`tls.\(setting)`: \(file) \(why); it must be a file in PEM, without a password"
                ])
            }
        }
        let chain = try reading("certificate", files.certificate) {
            try NIOSSLCertificate.fromPEMFile(files.certificate)
        }
        let key = try reading("key", files.key) { try NIOSSLPrivateKey(file: files.key, format: .pem) }
        guard let first = chain.first else {
            throw ConfigurationError(["`tls.certificate`: \(files.certificate) holds no certificate in PEM"])
        }
        var pair = Pair(expires: Int64(first.notValidAfter))
        pair.shown.certificateChain = chain.map { .certificate($0) }
        pair.shown.privateKey = .privateKey(key)
        do {
            _ = try NIOSSLContext(configuration: configuration(pair.shown))
        } catch {
            throw ConfigurationError(["`tls`: \(files.key) is not the key of the certificate in \(files.certificate)"])
        }
        return pair
    }
}

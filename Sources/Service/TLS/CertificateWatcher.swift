import Foundation
import Logging
import ServiceLifecycle

/// Looks every two seconds whether the certificate was renewed.
struct CertificateWatcher: Service {
    let certificate: ServerCertificate
    let files: Configuration.TLS
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var seen = times()
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(2))
                let now = times()
                if now == seen { continue }
                seen = now
                do {
                    try certificate.reload()
                    logger.notice("the certificate was read again")
                } catch {
                    logger.error("the renewed certificate cannot be used; the one before stays: \(error)")
                }
            }
        }
    }

    private func times() -> [Date?] {
        [files.certificate, files.key].map { file in
            let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
            return (try? FileManager.default.attributesOfItem(atPath: target))?[.modificationDate] as? Date
        }
    }
}

import Foundation
import NIOSSL

/// Certificates for localhost and 127.0.0.1 that sign themselves, for a hundred years; made for these tests and good for
/// nothing else.
struct TestCertificate {
    let pem, key: String

    static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(first.pem.utf8), format: .pem)
    }

    static func context() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try certificate())],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(first.key.utf8), format: .pem))))
    }

    /// Writes both files into `folder`, as only their owner may read them.
    /// - Returns: where they are.
    @discardableResult
    func write(to folder: String) throws -> (certificate: String, key: String) {
        let files = (certificate: folder + "/cert.pem", key: folder + "/key.pem")
        for (file, text) in [(files.certificate, pem), (files.key, key)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        return files
    }

    static let first = TestCertificate(
        pem: """
            -----BEGIN CERTIFICATE-----
            MIIBoTCCAUegAwIBAgIUWMgEzw3SFvPepYVKjwqYNFCNpBYwCgYIKoZIzj0EAwIw
            FzEVMBMGA1UEAwwMbWFpbC5leGFtcGxlMCAXDTI2MTEyNTAzMzExMVoYDzIxMjYx
            MTAxMDMzMTExWjAXMRUwEwYDVQQDDAxtYWlsLmV4YW1wbGUwWTATBgcqhkjOPQIB
            BggqhkjOPQMBBwNCAAT1796HjK+6GjBtY+UOft0NPLnZZ/ihFhdpvc6iFTYvAINw
            KTtu2zWmcEX7McAY1m589QwdfgZfbj5NAglFZJ7go28wbTAdBgNVHQ4EFgQU+C6c
            VIXgR7Ckk9EFrsNqvKS4s10wHwYDVR0jBBgwFoAU+C6cVIXgR7Ckk9EFrsNqvKS4
            s10wDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEw
            CgYIKoZIzj0EAwIDSAAwRQIhAKoi3rHMy/R6ZH417FnixQxuL73Fpw50sd/biWoG
            l4jwAiBrYUjsKUFs81/Ek21i8Q7q1yvf0pYgSHpWZZoT2PVHWQ==
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIxupYQrl+fpppiFk
            NoBswxbyEwAFbj8ZZlYJwVUjBGahRANCAAT1796HjK+6GjBtY+UOft0NPLnZZ/ih
            Fhdpvc6iFTYvAINwKTtu2zWmcEX7McAY1m589QwdfgZfbj5NAglFZJ7g
            -----END PRIVATE KEY-----
            """)

    static let renewed = TestCertificate(
        pem: """
            -----BEGIN CERTIFICATE-----
            MIIBqDCCAU2gAwIBAgIUPc7btcMNcEGtj6oifJt1YmJ1dhYwCgYIKoZIzj0EAwIw
            GjEYMBYGA1UEAwwPcmVuZXdlZC5leGFtcGxlMCAXDTI2MTEyNzA2NDc1OFoYDzIx
            MjYxMTAzMDY0NzU4WjAaMRgwFgYDVQQDDA9yZW5ld2VkLmV4YW1wbGUwWTATBgcq
            hkjOPQIBBggqhkjOPQMBBwNCAARf1Ezoo7QjtSRLoXV4x329FcUxKJXt883le5Uj
            qYjgir+dWqmXAjEP/fISrlWYOi1Dsm9pJWMwR7jqzNHXAJojo28wbTAdBgNVHQ4E
            FgQUtlpBBWLYjBms+n1EAU0yMTT7jWswHwYDVR0jBBgwFoAUtlpBBWLYjBms+n1E
            AU0yMTT7jWswDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
            BH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAMi0vBl4mtbcOTBuNstjZJ2saodpj7VA
            eGTM8zx9/jtaAiEA+31+UXN1I8lS5za+khIuVUIniqWn+Crrxf4kzo42g6A=
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgag2RfsWFqUiZPxjp
            K1U1eVMAZNu/+RF3fWfuF67RegihRANCAARf1Ezoo7QjtSRLoXV4x329FcUxKJXt
            883le5UjqYjgir+dWqmXAjEP/fISrlWYOi1Dsm9pJWMwR7jqzNHXAJoj
            -----END PRIVATE KEY-----
            """)
}

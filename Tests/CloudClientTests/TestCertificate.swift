import Foundation
import NIOSSL

/// A server's key and certificate that exist for these tests only.
struct TestCertificate: Sendable {
  let key: String
  let certificate: String

  /// For 127.0.0.1, signed by itself.
  static let loopback = TestCertificate(
    key: """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbbEUf/x+3NxJkcJt
      VDe+PDEVD9f/rholWfrbn2RpCHOhRANCAASNND09w5++t8shoOytbPwVXehP+8bJ
      7l7ylA+MQ8HPcep2IWpGbDLodR2NtLFVRAbxKBhZBFyqPb4+T5JTFz98
      -----END PRIVATE KEY-----
      """,
    certificate: """
      -----BEGIN CERTIFICATE-----
      MIIBaTCCAQ+gAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApiZWxheSB0
      ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAVMRMwEQYDVQQD
      DApiZWxheSB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjTQ9PcOfvrfL
      IaDsrWz8FV3oT/vGye5e8pQPjEPBz3HqdiFqRmwy6HUdjbSxVUQG8SgYWQRcqj2+
      Pk+SUxc/fKNOMEwwGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MA8GA1UdEwEB
      /wQFMAMBAf8wHQYDVR0OBBYEFATCUovIHDCUeMHhI0Fp8TXgqUzBMAoGCCqGSM49
      BAMCA0gAMEUCIEpbsndLpIrBMliflbWF8UR2J2EVBX68qXKUDuJGw+zzAiEAwGfQ
      sEJDnjq48LGQ15pEzqcQ0kePBCvTVjob2SlJzrE=
      -----END CERTIFICATE-----
      """)

  /// For elsewhere.example, signed by itself.
  static let elsewhere = TestCertificate(
    key: """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeuGgdJ2Fq6gqcDgP
      uXaQa3AcihpJ8z3q3X7Er/xhI3ihRANCAAR+2hBUxLdYRq94rZLA4oweOzFeCo89
      o92lLeZnTkAUEPHjUzbVVPfnY3zG66axpirrj8LfgGeogQ7Y+hUamCyN
      -----END PRIVATE KEY-----
      """,
    certificate: """
      -----BEGIN CERTIFICATE-----
      MIIBazCCARGgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApiZWxheSB0
      ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAVMRMwEQYDVQQD
      DApiZWxheSB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEftoQVMS3WEav
      eK2SwOKMHjsxXgqPPaPdpS3mZ05AFBDx41M21VT352N8xuumsaYq64/C34BnqIEO
      2PoVGpgsjaNQME4wHAYDVR0RBBUwE4IRZWxzZXdoZXJlLmV4YW1wbGUwDwYDVR0T
      AQH/BAUwAwEB/zAdBgNVHQ4EFgQUJh02TEGx8w/hEg9HJI6dMJnZfscwCgYIKoZI
      zj0EAwIDSAAwRQIgV0Xw+AbOskMe1gF3LglvXveUcuECwwMsFbu6mYX++VQCIQDA
      lXijzEMUdnNb+B44KuC9rHBMk45j5wLMJ/fNbnbyYg==
      -----END CERTIFICATE-----
      """)

  func serverContext() throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map {
      NIOSSLCertificateSource.certificate($0)
    }
    let key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
  }

  /// The certificate in a file, as `--ca-file` takes it.
  func withFile(_ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("belay-\(UUID().uuidString).pem").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(certificate.utf8).write(to: URL(fileURLWithPath: path))
    try await body(path)
  }
}

import ArgumentParser
import CloudClient

/// Which cloud a command speaks to.
struct AccountOptions: ParsableArguments {
  @Option(help: "Where the API is, such as http://127.0.0.1:9000; without it the provider's own hosts.")
  var endpoint: String?
  @Option(
    help: ArgumentHelp(
      "A file with secret_id and secret_key (default: ~/.config/belay/credentials; the variables "
        + "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY come first)."))
  var credentials: String?
  @Option(help: "The section of the credentials file.")
  var profile = "default"
  @Option(name: .customLong("ca-file"), help: "Certificate authorities (PEM) to trust instead of the machine's.")
  var caFile: String?
  @Option(help: "tc3, or one of the older signatures: v1 (HmacSHA1) or v1-sha256.")
  var signature = Signature.tc3
  @Option(name: .customLong("http-method"), help: "post, or get with an older signature.")
  var httpMethod = Signing.Method.post

  enum Signature: String, ExpressibleByArgument, CaseIterable {
    case tc3, v1
    case v1SHA256 = "v1-sha256"
  }

  /// Nil when no account is configured.
  func account() throws(CommandFailure) -> Credentials? {
    let environment = CommandContext.current.environment
    do {
      if let credentials { return try CredentialSource.file(path: credentials, profile: profile).load() }
      let variables = CredentialSource.environment(environment)
      if variables.isPresent { return try variables.load() }
      let standard = CredentialSource.file(
        path: (environment["HOME"] ?? "") + "/.config/belay/credentials", profile: profile)
      return standard.isPresent ? try standard.load() : nil
    } catch {
      throw CommandFailure(.wrong, error.message)
    }
  }

  private func signing() throws(ClientProblem) -> Signing {
    switch signature {
    case .v1: return .form(.sha1, httpMethod)
    case .v1SHA256: return .form(.sha256, httpMethod)
    case .tc3:
      guard httpMethod == .post else {
        throw ClientProblem(.endpoint, "--http-method get goes with --signature v1 or v1-sha256 only")
      }
      return .tc3
    }
  }

  func client(_ credentials: Credentials) throws(CommandFailure) -> ClientWorld {
    do {
      let endpoint = try endpoint.map { text throws(ClientProblem) in try CloudEndpoint(text) }
      return try ClientWorld(endpoint: endpoint, credentials: credentials, signing: try signing(), caFile: caFile)
    } catch {
      throw CommandFailure(.wrong, error.message)
    }
  }
}

extension Signing.Method: ExpressibleByArgument {}

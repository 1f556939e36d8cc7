import CloudClient
import Foundation
import Testing

/// The problem that the body throws, or nil.
private func problem(_ body: () throws(ClientProblem) -> Void) -> ClientProblem? {
  do throws(ClientProblem) {
    try body()
    return nil
  } catch {
    return error
  }
}

@Suite struct CredentialSourceTests {
  private func withFile(_ text: String, mode: Int = 0o600, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("belay-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    try body(path)
  }

  @Test func theEnvironmentNamesAKeyPair() throws {
    let source = CredentialSource.environment([
      "TENCENTCLOUD_SECRET_ID": "id", "TENCENTCLOUD_SECRET_KEY": "key", "TENCENTCLOUD_TOKEN": "",
    ])
    #expect(source.isPresent)
    #expect(try source.load() == Credentials(secretID: "id", secretKey: "key"))
    #expect(!CredentialSource.environment(["HOME": "/"]).isPresent)
  }

  @Test func aMissingVariableIsNamed() {
    let source = CredentialSource.environment(["TENCENTCLOUD_SECRET_ID": "id"])
    let found = problem { () throws(ClientProblem) in _ = try source.load() }
    #expect(source.isPresent)
    #expect(found?.message == "the environment variable TENCENTCLOUD_SECRET_KEY is not set")
  }

  @Test func aVariableThatCannotStandInAHeaderIsRefusedUnseen() {
    let source = CredentialSource.environment(["TENCENTCLOUD_SECRET_ID": "id", "TENCENTCLOUD_SECRET_KEY": "k\r\ney"])
    let found = problem { () throws(ClientProblem) in _ = try source.load() }
    #expect(found?.message == "the environment variable TENCENTCLOUD_SECRET_KEY holds characters that no key has")
  }

  @Test func aFileHasProfiles() throws {
    let text = """
      # mine
      secret_id = id0
      secret_key=key0

      [work]
      secret_id = id1\t
      ; temporary
        secret_key = key=1
      token = t
      """
    try withFile(text) { path in
      let first = try CredentialSource.file(path: path, profile: "default").load()
      #expect(first == Credentials(secretID: "id0", secretKey: "key0"))
      let second = try CredentialSource.file(path: path, profile: "work").load()
      #expect(second == Credentials(secretID: "id1", secretKey: "key=1", token: "t"))
      let found = problem { () throws(ClientProblem) in
        _ = try CredentialSource.file(path: path, profile: "home").load()
      }
      #expect(found?.message == "the credentials file \(path) has no profile 'home': it has default, work")
    }
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o601])
  func aFileThatOthersCanReadIsRefused(_ mode: Int) throws {
    try withFile("secret_id = a\nsecret_key = b", mode: mode) { path in
      let found = problem { () throws(ClientProblem) in
        _ = try CredentialSource.file(path: path, profile: "default").load()
      }
      #expect(found?.kind == .credentials)
      #expect(found?.message.hasSuffix("chmod 600 \(path)") == true)
    }
  }

  @Test(arguments: [
    ("secret_id = a\nsecret_key", "line 2", "is neither a [profile] nor a 'name = value'"),
    ("[work\n", "line 1", "has no ] after the profile's name"),
    ("[]", "line 1", "names no profile"),
    ("[a]\n[a]", "line 2", "begins the profile 'a' a second time"),
    ("password = hush", "line 1", "sets something else than secret_id, secret_key or token"),
    ("secret_key = hush hush", "line 1", "has characters in secret_key that no key has"),
    ("secret_key =", "line 1", "gives no value for secret_key"),
    ("token = hush\ntoken = hush", "line 2", "sets token a second time"),
  ])
  func aBadLineIsNamedAndNotShown(_ text: String, _ line: String, _ reason: String) throws {
    try withFile(text) { path in
      let found = problem { () throws(ClientProblem) in
        _ = try CredentialSource.file(path: path, profile: "default").load()
      }
      #expect(found?.message == "\(line) of the credentials file \(path) \(reason)")
      #expect(found?.message.contains("hush") == false)
    }
  }

  @Test func aFileMayBeAsLargeAsTheLimitAndNoLarger() throws {
    let text = "secret_id = a\nsecret_key = b\n#"
    let fitting = text + String(repeating: "-", count: 64 * 1024 - text.utf8.count)
    try withFile(fitting) { path in
      let loaded = try CredentialSource.file(path: path, profile: "default").load()
      #expect(loaded == Credentials(secretID: "a", secretKey: "b"))
    }
    try withFile(fitting + "-") { path in
      let found = problem { () throws(ClientProblem) in
        _ = try CredentialSource.file(path: path, profile: "default").load()
      }
      #expect(found?.message == "the credentials file \(path) is larger than 64 KiB")
    }
  }

  @Test func whatIsLackingIsSaid() throws {
    try withFile("secret_id = a") { path in
      let found = problem { () throws(ClientProblem) in
        _ = try CredentialSource.file(path: path, profile: "default").load()
      }
      #expect(found?.message == "the profile 'default' of the credentials file \(path) has no secret_key")
    }
    let absent = CredentialSource.file(path: "/no/such/file", profile: "default")
    #expect(!absent.isPresent)
    let found = problem { () throws(ClientProblem) in _ = try absent.load() }
    #expect(found?.message == "the credentials file /no/such/file does not exist or cannot be looked at")
  }

  @Test func credentialsPrintMasked() {
    let credentials = Credentials(secretID: "AKIDz8krbsJ5yKBZ", secretKey: "hush", token: "hush")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), "\([credentials])", dumped] {
      #expect(!text.contains("hush"))
      #expect(text.contains("AKIDz8kr…"))
    }
  }
}

@Suite struct CloudEndpointTests {
  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080"),
    ("https://Cloud.Example.com/", "https://cloud.example.com", "cloud.example.com"),
    ("https://host:443", "https://host", "host"),
    ("HTTP://host:443", "http://host:443", "host:443"),
    ("http://[::1]:8080", "http://[::1]:8080", "[::1]:8080"),
    ("http://[::1]", "http://[::1]", "[::1]"),
  ])
  func anEndpointIsASchemeAHostAndAPort(_ text: String, _ printed: String, _ authority: String) throws {
    let endpoint = try CloudEndpoint(text)
    #expect(endpoint.description == printed)
    #expect(endpoint.authority == authority)
  }

  @Test(arguments: [
    ("localhost:8080", "does not begin with http:// or https://"), ("ftp://host", "does not begin with"),
    ("", "does not begin with"), ("http://", "has no host"), ("http://:80", "has no host"),
    ("http://a b", "has no host"), ("http://[::1", "has no host"), ("http://host:", "has a port"),
    ("http://host:0", "has a port"), ("http://host:65536", "has a port"), ("http://host:+1", "has a port"),
    ("http://host/path", "has more than"), ("http://host?x", "has more than"),
    ("http://me:hush@host", "has a user name"),
  ])
  func anythingElseIsAProblem(_ text: String, _ reason: String) {
    let found = problem { () throws(ClientProblem) in _ = try CloudEndpoint(text) }
    #expect(found?.kind == .endpoint)
    #expect(found?.message.contains(reason) == true, "\(found?.message ?? "no problem")")
    #expect(found?.message.contains("hush") == false)
  }
}

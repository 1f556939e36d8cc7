import Foundation

/// Where the credentials of an account come from; never the command line, which other users can read.
package enum CredentialSource: Hashable, Sendable {
  /// `TENCENTCLOUD_SECRET_ID`, `TENCENTCLOUD_SECRET_KEY` and, for temporary keys, `TENCENTCLOUD_TOKEN` of the given
  /// variables.
  case environment([String: String])
  /// A file of lines `secret_id = …`, `secret_key = …`, `token = …` under `[profile]` headings. Lines before the first
  /// heading belong to the profile `default`; `#` and `;` begin a comment line.
  case file(path: String, profile: String)

  /// The largest credentials file that is read.
  static let maximumFileSize = 64 * 1024
  private static let idVariable = "TENCENTCLOUD_SECRET_ID"
  private static let keyVariable = "TENCENTCLOUD_SECRET_KEY"
  private static let tokenVariable = "TENCENTCLOUD_TOKEN"

  /// Whether there is anything to load: at least one of the two variables, or the file.
  package var isPresent: Bool {
    switch self {
    case .environment(let variables):
      [CredentialSource.idVariable, CredentialSource.keyVariable].contains { !(variables[$0] ?? "").isEmpty }
    case .file(let path, _): FileManager.default.fileExists(atPath: path)
    }
  }

  package func load() throws(ClientProblem) -> Credentials {
    switch self {
    case .environment(let variables): try CredentialSource.load(variables)
    case .file(let path, let profile): try CredentialSource.load(path, profile)
    }
  }

  private static func load(_ variables: [String: String]) throws(ClientProblem) -> Credentials {
    func variable(_ name: String, needed: Bool) throws(ClientProblem) -> String? {
      guard let value = variables[name], !value.isEmpty else {
        if needed { throw ClientProblem(.credentials, "the environment variable \(name) is not set") }
        return nil
      }
      guard isWord(value) else {
        throw ClientProblem(.credentials, "the environment variable \(name) holds characters that no key has")
      }
      return value
    }
    let token = try variable(tokenVariable, needed: false)
    guard let id = try variable(idVariable, needed: true), let key = try variable(keyVariable, needed: true) else {
      throw ClientProblem(.credentials, "\(idVariable) and \(keyVariable) must both be set")
    }
    return Credentials(secretID: id, secretKey: key, token: token)
  }

  private static func load(_ path: String, _ profile: String) throws(ClientProblem) -> Credentials {
    let text = try read(path)
    let profiles = try CredentialFile(text, path: path).profiles
    guard let entries = profiles.first(where: { $0.name == profile })?.entries else {
      let names = profiles.map(\.name).joined(separator: ", ")
      let known = names.isEmpty ? "it has none" : "it has \(names)"
      throw ClientProblem(.credentials, "the credentials file \(path) has no profile '\(profile)': \(known)")
    }
    guard let id = entries["secret_id"], let key = entries["secret_key"] else {
      let lacking = entries["secret_id"] == nil ? "secret_id" : "secret_key"
      throw ClientProblem(.credentials, "the profile '\(profile)' of the credentials file \(path) has no \(lacking)")
    }
    return Credentials(secretID: id, secretKey: key, token: entries["token"])
  }

  /// The text of the file, if nobody but its owner can read it.
  private static func read(_ path: String) throws(ClientProblem) -> String {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let mode = attributes[.posixPermissions] as? NSNumber, let size = attributes[.size] as? NSNumber
    else { throw ClientProblem(.credentials, "the credentials file \(path) does not exist or cannot be looked at") }
    guard mode.intValue & 0o077 == 0 else {
      let octal = String(mode.intValue & 0o777, radix: 8)
      throw ClientProblem(
        .credentials,
        "the credentials file \(path) can be read by others (mode \(octal)); make it yours alone: chmod 600 \(path)")
    }
    guard size.intValue <= maximumFileSize else {
      throw ClientProblem(.credentials, "the credentials file \(path) is larger than \(maximumFileSize / 1024) KiB")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ClientProblem(.credentials, "the credentials file \(path) cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ClientProblem(.credentials, "the credentials file \(path) is not UTF-8 text")
    }
    return text
  }

  /// Printable ASCII without blanks: what may stand in a header.
  static func isWord(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
}

/// The profiles of a credentials file, in its order.
struct CredentialFile {
  struct Profile {
    let name: String
    var entries: [String: String] = [:]
  }
  private(set) var profiles: [Profile] = []

  /// Problems name the line, never its text, which may be a key.
  init(_ text: String, path: String) throws(ClientProblem) {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = line.trimmed
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if let complaint = take(line) {
        throw ClientProblem(.credentials, "line \(index + 1) of the credentials file \(path) \(complaint)")
      }
    }
  }

  /// What is wrong with the line, or nil.
  private mutating func take(_ line: Substring) -> String? {
    if line.hasPrefix("[") {
      guard line.hasSuffix("]") else { return "has no ] after the profile's name" }
      let name = String(line.dropFirst().dropLast().trimmed)
      if name.isEmpty { return "names no profile" }
      if profiles.contains(where: { $0.name == name }) { return "begins the profile '\(name)' a second time" }
      profiles.append(Profile(name: name))
      return nil
    }
    guard let equals = line.firstIndex(of: "=") else { return "is neither a [profile] nor a 'name = value'" }
    let name = String(line[..<equals].trimmed)
    let value = line[line.index(after: equals)...].trimmed
    guard ["secret_id", "secret_key", "token"].contains(name) else {
      return "sets something else than secret_id, secret_key or token"
    }
    guard !value.isEmpty else { return "gives no value for \(name)" }
    guard CredentialSource.isWord(value) else { return "has characters in \(name) that no key has" }
    if profiles.isEmpty { profiles.append(Profile(name: "default")) }
    let old = profiles[profiles.count - 1].entries.updateValue(String(value), forKey: name)
    return old == nil ? nil : "sets \(name) a second time"
  }
}

extension StringProtocol {
  fileprivate var trimmed: SubSequence {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? start
    return self[start..<end]
  }
}

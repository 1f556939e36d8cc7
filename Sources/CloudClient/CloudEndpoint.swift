/// One server that stands for every service of the cloud, such as an emulator.
package struct CloudEndpoint: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Sendable {
    case http, https
    var port: Int { self == .http ? 80 : 443 }
  }
  package let scheme: Scheme
  /// A name or an address; an IPv6 address in its brackets.
  package let host: String
  /// Nil for the scheme's own.
  package let port: Int?

  package init(scheme: Scheme, host: String, port: Int? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port == scheme.port ? nil : port
  }

  /// `http://127.0.0.1:8080`, `https://host`, `https://[::1]:8443/`: nothing else than a scheme, a host and a port.
  package init(_ text: String) throws(ClientProblem) {
    func problem(_ reason: String) -> ClientProblem {
      // What stands before an @ may be a password.
      let shown = text.lastIndex(of: "@").map { "…" + text[$0...] } ?? text
      return ClientProblem(.endpoint, "the endpoint '\(shown)' \(reason)")
    }
    let pieces = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.count == 2, let scheme = Scheme(rawValue: pieces[0].lowercased()) else {
      throw problem("does not begin with http:// or https://")
    }
    let authority = pieces[1].hasSuffix("/") ? pieces[1].dropLast() : pieces[1]
    guard !authority.contains(where: { "/?#".contains($0) }) else { throw problem("has more than a host and a port") }
    guard !authority.contains("@") else { throw problem("has a user name; credentials do not belong here") }
    let (host, portText) = CloudEndpoint.split(authority)
    guard CloudEndpoint.isHost(host) else { throw problem("has no host that a name or an address can be") }
    guard let portText else {
      self.init(scheme: scheme, host: host.lowercased())
      return
    }
    guard portText.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(portText), (1...65_535).contains(port)
    else { throw problem("has a port that is not 1 to 65535") }
    self.init(scheme: scheme, host: host.lowercased(), port: port)
  }

  /// At the last colon, but not within brackets.
  private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return (authority, nil) }
    return (authority[..<colon], authority[authority.index(after: colon)...])
  }

  private static func isHost(_ text: Substring) -> Bool {
    if text.hasPrefix("[") {
      return text.hasSuffix("]") && text.count > 3
        && text.dropFirst().dropLast().allSatisfy { $0.isHexDigit || ":.".contains($0) }
    }
    return !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy { byte in
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || ".-_".utf8.contains(byte)
      }
  }

  /// What the header Host says and the signature covers.
  package var authority: String { port.map { "\(host):\($0)" } ?? host }

  package var description: String { "\(scheme.rawValue)://\(authority)" }
}

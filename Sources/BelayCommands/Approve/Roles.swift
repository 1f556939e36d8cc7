import Foundation

/// Who has which role, as a file says: lines such as `ops_lead = alice, bob`. It is as trustworthy as whoever may write
/// it.
struct Roles: Sendable {
  private var members: [String: Set<String>] = [:]

  /// Nil when there is no such file: then a role is what the approver claims.
  static func read(_ environment: [String: String]) throws(CommandFailure) -> Roles? {
    let path = path(environment)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try Roles(String(decoding: try Files.read(path, what: "file of roles"), as: UTF8.self), path)
  }

  /// `$BELAY_ROLES`, else `roles` in the configuration directory.
  static func path(_ environment: [String: String]) -> String {
    if let chosen = environment["BELAY_ROLES"], !chosen.isEmpty { return chosen }
    if let base = environment["XDG_CONFIG_HOME"], !base.isEmpty { return base + "/belay/roles" }
    return (environment["HOME"] ?? "") + "/.config/belay/roles"
  }

  private init(_ text: String, _ path: String) throws(CommandFailure) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
      guard !line.isEmpty else { continue }
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2, !parts[0].isEmpty else {
        throw CommandFailure(.wrong, "\(path):\(index + 1): a role is written 'role = name, name'")
      }
      let names = parts[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      members[parts[0], default: []].formUnion(names.filter { !$0.isEmpty })
    }
  }

  func has(_ name: String, _ role: String) -> Bool { members[role]?.contains(name) ?? false }
}

import Values

/// What the emulator does for each action. To add one: write the method, named as the action, in the file of its noun,
/// and its line in the table of its service (`Ecm/EcmActions.swift`, `Cvm/CvmActions.swift`).
enum ActionTable {
  typealias Handler = @Sendable (inout World, Call) throws(Refusal) -> Record

  static func handler(service: String, action: String) -> Handler? {
    switch service {
    case "ecm": ecm[action]
    case "cvm": cvm[action]
    default: nil
    }
  }

  static var implemented: [String] { (ecm.keys.map { "ecm.\($0)" } + cvm.keys.map { "cvm.\($0)" }).sorted() }

  static func merged(_ parts: [[String: Handler]]) -> [String: Handler] {
    parts.reduce(into: [:]) { table, part in table.merge(part) { first, _ in first } }
  }
}

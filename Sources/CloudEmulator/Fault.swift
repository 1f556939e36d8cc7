import CloudCatalog

/// A failure to come: which call, and how it fails.
package struct Fault: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    case refused(code: String)
    case throttled
    /// The connection drops and nothing was done.
    case lostBefore
    /// The call takes effect, then the connection drops.
    case lostAfter
    /// The call answers as usual; what it started ends in failure.
    case asyncFailure
    case serverError
  }

  package let action: ActionID
  /// The nth call of the action from now on, from 1; 0 means every one.
  package let nth: Int
  package let kind: Kind

  package init(action: ActionID, nth: Int, kind: Kind) {
    self.action = action
    self.nth = nth
    self.kind = kind
  }

  /// `SERVICE.ACTION:NTH:KIND`, such as `ecm.CreateListener:1:refused=ResourceInsufficient`.
  package init(parsing text: String) throws(FaultProblem) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else {
      throw FaultProblem(text, "it must be ACTION:NTH:KIND, as in ecm.CreateListener:1:throttled")
    }
    let action = ActionID(parts[0])
    guard Catalog.action(action) != nil else { throw FaultProblem(text, "there is no action '\(parts[0])'") }
    guard let nth = Int(parts[1]), nth >= 0 else {
      throw FaultProblem(text, "'\(parts[1])' is not a number of a call: 1, 2, … or 0 for every call")
    }
    guard let kind = Kind(parts[2]) else {
      throw FaultProblem(
        text, "there is no kind '\(parts[2])'; the kinds are \(Kind.spellings.joined(separator: ", "))")
    }
    self.init(action: action, nth: nth, kind: kind)
  }

  package var description: String { "\(action):\(nth):\(kind.spelling)" }
}

extension Fault.Kind {
  package static let spellings = [
    "refused=CODE", "throttled", "lost-before-effect", "lost-after-effect", "async-failure", "server-error",
  ]

  package var spelling: String {
    switch self {
    case .refused(let code): "refused=\(code)"
    case .throttled: "throttled"
    case .lostBefore: "lost-before-effect"
    case .lostAfter: "lost-after-effect"
    case .asyncFailure: "async-failure"
    case .serverError: "server-error"
    }
  }

  init?(_ text: String) {
    switch text {
    case "throttled": self = .throttled
    case "lost-before-effect": self = .lostBefore
    case "lost-after-effect": self = .lostAfter
    case "async-failure": self = .asyncFailure
    case "server-error": self = .serverError
    default:
      guard text.hasPrefix("refused="), text.utf8.count > "refused=".utf8.count else { return nil }
      self = .refused(code: String(text.dropFirst("refused=".count)))
    }
  }
}

/// What is wrong with the text of a fault.
package struct FaultProblem: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(_ text: String, _ reason: String) { description = "the fault '\(text)' cannot be read: \(reason)" }
}

/// The faults that wait for their call.
struct ArmedFaults: Sendable {
  private struct Armed: Sendable {
    let fault: Fault
    var seen = 0
    var isSpent = false
  }

  private var armed: [ActionID: [Armed]] = [:]

  mutating func arm(_ fault: Fault) { armed[fault.action, default: []].append(Armed(fault: fault)) }

  /// Counts a call of the action for all its faults, and returns the kind of the first that it sets off.
  mutating func strike(_ action: ActionID) -> Fault.Kind? {
    guard var waiting = armed[action] else { return nil }
    var struck: Fault.Kind?
    for index in waiting.indices {
      waiting[index].seen += 1
      let fault = waiting[index].fault
      guard fault.nth == 0 || fault.nth == waiting[index].seen else { continue }
      waiting[index].isSpent = fault.nth != 0
      struck = struck ?? fault.kind
    }
    waiting.removeAll { $0.isSpent }
    armed[action] = waiting.isEmpty ? nil : waiting
    return struck
  }
}

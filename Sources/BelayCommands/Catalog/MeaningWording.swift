import CloudCatalog
import Values

/// What an action means, in words.
struct MeaningWording {
  let nature: ActionNature

  init(_ nature: ActionNature) { self.nature = nature }

  /// `undone by ecm.DeleteVpc(VpcId: the result's Vpc.VpcId); exact`
  var undo: String {
    switch nature.meaning?.undo {
    case nil: "unknown: \(nature.undoReason ?? "")"
    case .nothing(let reason)?: nature.isRead ? reason : "nothing to undo: \(reason)"
    case .impossible(let reason)?: "cannot be undone: \(reason)"
    case .inverse(let inverse)?:
      "undone by \(inverse.calls.map(\.wording).joined(separator: ", then ")); \(inverse.quality.rawValue)"
        + (inverse.leaves.isEmpty ? "" : "; does not take back \(inverse.leaves.joined(separator: ", "))")
    }
  }

  /// The same, one line a call and one an argument, where there is an inverse: an indent in steps, and the text.
  var undoLines: [(indent: Int, text: String)]? {
    guard let inverse = nature.inverse else { return nil }
    let leaves = inverse.leaves.isEmpty ? "" : "; does not take back \(inverse.leaves.joined(separator: ", "))"
    let order = inverse.calls.count == 1 ? "this call" : "these calls in this order"
    var lines = [(indent: 0, text: "\(inverse.quality.rawValue), by \(order)\(leaves)")]
    for (index, undo) in inverse.calls.enumerated() {
      let each = undo.rows.map { " for each of \($0.wording)" } ?? ""
      lines.append((0, "\(index + 1). \(undo.call.action)\(each)"))
      if let condition = undo.condition { lines.append((2, undo.call.precondition(condition))) }
      lines += undo.call.arguments.map { (2, "\($0.name): \($0.value.wording)") }
    }
    return lines
  }

  /// In a few letters, for tables: `DeleteVpc`, `impossible`, `nothing to undo`; the service is left out where it is
  /// the action's own.
  var shortUndo: String {
    switch nature.meaning?.undo {
    case nil: "?"
    case .nothing?: nature.isRead ? "" : "nothing to undo"
    case .impossible?: "impossible"
    case .inverse(let inverse)?:
      inverse.calls.map { shortName($0.call.action) }.uniqued().joined(separator: ", ")
    }
  }

  /// `AllocateAddresses`, or `cvm.RunInstances` from another service.
  func shortName(_ action: ActionID) -> String {
    action.service == nature.facts.id.service ? action.name : action.description
  }

  /// What is read before the call and when the undo begins; nil where nothing is.
  var looks: String? {
    guard let inverse = nature.inverse else { return nil }
    let before = inverse.beforeImage.map { "before the call, \($0.wording)" }
    let lookup = inverse.lookup.map { "when the undo begins, \($0.wording)" }
    let both = [before, lookup].compactMap { $0 }.joined(separator: "; ")
    return both.isEmpty ? nil : both
  }

  var wait: String {
    guard let meaning = nature.meaning else { return "unknown" }
    return meaning.wait?.wording ?? "done when it answers"
  }

  var shortWait: String {
    guard let meaning = nature.meaning else { return "?" }
    guard let poll = meaning.wait else { return "" }
    return "\(shortName(poll.action)), \(poll.expected.belayText)"
  }

  /// What happens when the answer of the call is lost.
  var lost: String {
    guard let meaning = nature.meaning else { return "unknown" }
    if let token = meaning.clientToken { return "sent again with the same \(token)" }
    switch meaning.lost {
    case .resend: return "sent again, which is harmless"
    case .probe(let probe): return probe.wording
    case .ask(let reason): return "the run stops and asks: \(reason)"
    }
  }

  var shortLost: String {
    guard let meaning = nature.meaning else { return "?" }
    if nature.isRead { return "" }
    if let token = meaning.clientToken { return "resend, \(token)" }
    switch meaning.lost {
    case .resend: return "resend"
    case .probe(let probe): return (probe.usesMark ? "tag, " : "look, ") + shortName(probe.read.action)
    case .ask: return "ask"
    }
  }
}

extension [String] {
  /// Each once, in the order of the first.
  fileprivate func uniqued() -> [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension UndoCall {
  fileprivate var wording: String {
    let each = rows.map { " for each of \($0.wording)" } ?? ""
    return call.wording + each + (condition == nil ? "" : " where there is something to do")
  }
}

extension Read {
  /// What has to be there for the call to be made: by the name of the argument where it is one.
  fileprivate func precondition(_ condition: Template) -> String {
    let wording = condition.wording
    let own = arguments.first { $0.value.wording == wording }
    return own.map { "only where \($0.name) is not empty" } ?? "only where there is \(wording)"
  }

  /// `ecm.DeleteVpc(VpcId: the result's Vpc.VpcId, EcmRegion: the call's EcmRegion)`
  var wording: String {
    "\(action)(\(arguments.map { "\($0.name): \($0.value.wording)" }.joined(separator: ", ")))"
  }
}

extension Poll {
  fileprivate var wording: String {
    let end = end
    let failure = failed.isEmpty ? "" : "; fails at \(Poll.listed(failed))"
    return "\(action) until \(end)\(failure); about \(expected.belayText)"
  }

  private var end: String {
    let goal = status.map { done.isEmpty ? nil : "\($0) is \(Poll.listed(done))" } ?? "it is there"
    switch absent {
    case .done: return goal.map { "\($0) or it is gone" } ?? "it is gone"
    case .running, .failed: return goal ?? "it answers"
    }
  }

  private static func listed(_ values: [Value]) -> String {
    values.map { $0.asText ?? $0.wording }.orJoined
  }
}

extension Probe {
  fileprivate var wording: String {
    guard !usesMark else { return "looked for by the step's mark with \(read.action)" }
    var parts = match.map { "\($0.path) is \($0.equals.choiceWording)" }
    if let covers { parts.append("\(covers.members.joined(separator: ", ")) are those of \(covers.expected.wording)") }
    if newSince != nil { parts.append("that was not there before") }
    let what = parts.isEmpty ? "" : ", a row whose \(parts.joined(separator: ", "))"
    return "looked for with \(read.action)\(what)"
  }
}

extension Cascade {
  var wording: String { "\(resource): \(effect)\(condition.map { ", \($0)" } ?? "")" }
}

extension Budget {
  var wording: String {
    let amount =
      switch units {
      case .one: "one"
      case .number(let path): path.description
      case .sum(let path): "the sum of \(path)"
      case .elements(let path): "one for each of \(path)"
      }
    let period =
      switch period {
      case .day: "a day"
      case .ever: "in all"
      }
    return "\(name): a call takes \(amount); the limit \(period) is \(limit)"
  }
}

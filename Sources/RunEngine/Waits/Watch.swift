import CloudCatalog
import Values

package struct WatchID: Hashable, Sendable {
  private let number: Int32
  package var index: Int { Int(number) }
  package init(_ index: Int) { number = Int32(index) }
}

/// A wish to know when the work of a finished call has ended, or its deadline has passed.
package struct Watch: Sendable {
  /// The call whose work it is: how long that takes is learned for each action.
  let action: ActionID
  let completion: Completion
  /// Whether the call's own handle is not known, so that the poll's fallback is used.
  let isFallback: Bool
  let ids: [Value]
  /// What a row has to say of its origin to speak of this call; nil when rows say nothing of it.
  let origin: Value?
  let context: TemplateContext
  /// That of the step's own call, unless its work goes on elsewhere.
  let region: String?
  /// When the work began.
  let since: Instant
  let deadline: Instant
  let isUndo: Bool

  package enum News: Hashable, Sendable {
    case done
    /// With what the cloud last said.
    case failed(String)
    /// It cannot be seen how it goes: the look is refused, with the reason. The work may go on.
    case refused(String)
    case deadlinePassed(String)
    case running(String)
  }

  /// Nil when there is nothing to wait for.
  package init?(
    _ call: CloudCall, _ completion: Completion, _ context: TemplateContext, since: Instant, deadline: Instant,
    isUndo: Bool = false
  ) {
    guard case .poll(let poll) = completion else { return nil }
    var chosen = poll
    var ids = Watch.named(poll, context)
    isFallback = ids.isEmpty && !poll.fallback.isEmpty
    if isFallback, let fallback = poll.fallback.first {
      chosen = fallback
      ids = Watch.named(fallback, context)
    }
    guard !ids.isEmpty else { return nil }
    action = call.action
    self.completion = completion
    self.ids = ids
    self.context = context
    origin = chosen.origin.flatMap { $0.equals.filled(context) }
    region = chosen.region?.filled(context)?.asText ?? call.region
    self.since = since
    self.deadline = deadline
    self.isUndo = isUndo
  }

  /// What a poll asks for: a list of ids, or one.
  static func named(_ poll: Poll, _ context: TemplateContext) -> [Value] {
    switch poll.ids.filled(context) {
    case nil, .null?, .text("")?: []
    case .list(let several)?: several
    case let one?: [one]
    }
  }
}

extension Completion {
  /// The poll that a watch goes by.
  func poll(isFallback: Bool) -> Poll? {
    guard case .poll(let poll) = self else { return nil }
    return isFallback ? poll.fallback.first : poll
  }
}

/// What one answer says of one id.
enum WatchVerdict {
  case done
  case running(String)
  case failed(String)
  /// Nothing: another look has to tell.
  case unclear

  /// `row` is nil when the answer has none for the id. `isEarly`: the cloud may not have begun yet. `isWhole`: the
  /// answer is a whole list, in which a row may be missing only because the list moved under its pages.
  init(_ poll: Poll, id: Value, row: Value?, origin: Value?, isEarly: Bool, isWhole: Bool) {
    guard let row else {
      switch poll.absent {
      case _ where isWhole: self = .unclear
      case .done: self = .done
      case .running: self = .running("not listed yet")
      case .failed: self = .failed("\(id.display) is not there any more")
      }
      return
    }
    guard let path = poll.status else {
      self = .done
      return
    }
    guard let status = path.value(in: row), !status.isNull else {
      self = .running("no status yet")
      return
    }
    let isOwn = poll.origin.map { $0.path.value(in: row) == origin } ?? true
    if isEarly, !isOwn, let origin, !origin.isNull {
      self = .running("not begun yet")
    } else if let failure = poll.failure, isOwn, let seen = failure.path.value(in: row), failure.values.contains(seen) {
      self = .failed(WatchVerdict.text(poll, id, row, seen))
    } else if poll.done.contains(status) {
      self = .done
    } else if poll.failed.contains(status) {
      self = .failed(WatchVerdict.text(poll, id, row, status))
    } else {
      self = .running(status.display)
    }
  }

  private static func text(_ poll: Poll, _ id: Value, _ row: Value, _ seen: Value) -> String {
    let detail = poll.detail.flatMap { $0.value(in: row)?.asText }.map { ": \($0)" } ?? ""
    let subject = poll.rows == nil ? "" : "\(id.display) is "
    return "\(subject)\(seen.display)\(detail)"
  }
}

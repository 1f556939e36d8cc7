import CloudCatalog
import Values

/// Polls until asynchronous work has ended, or its deadline has passed. Pure; one question at a time.
struct PollActivity: Sendable {
  enum Request: Sendable {
    case read(CloudCall)
    case rest(Duration)
    case conclude(Conclusion)
  }
  enum Conclusion: Sendable {
    case done
    /// With what the cloud last said.
    case failed(String)
    case deadlinePassed(String)
  }

  private let poll: Poll
  private let deadline: Instant
  private let context: TemplateContext
  /// That of the step's own call, unless its work goes on elsewhere.
  private let region: String?
  private let chunks: [[Value]]
  private var chunk = 0
  private var nextRest: Duration
  private var firstLook: Instant?
  /// What the last answer said, for messages and for people who watch.
  private(set) var lastSeen = "no answer yet"

  /// Nil when there is nothing to wait for.
  init?(_ poll: Poll, _ context: TemplateContext, region: String? = nil, deadline: Instant) {
    var chosen = poll
    var ids = PollActivity.ids(poll, context)
    if ids.isEmpty, let fallback = poll.fallback.first {
      chosen = fallback
      ids = PollActivity.ids(fallback, context)
    }
    guard !ids.isEmpty else { return nil }
    self.poll = chosen
    self.deadline = deadline
    self.context = context
    self.region = chosen.region?.filled(context)?.asText ?? region
    nextRest = min(chosen.interval, .milliseconds(500))
    let size = max(1, chosen.idsPerCall)
    chunks = stride(from: 0, to: ids.count, by: size).map { Array(ids[$0..<min($0 + size, ids.count)]) }
  }

  private static func ids(_ poll: Poll, _ context: TemplateContext) -> [Value] {
    switch poll.ids.filled(context) {
    case nil, .null?, .text("")?: []
    case .list(let several)?: several
    case let one?: [one]
    }
  }

  mutating func begin() -> Request { .read(call) }

  private var call: CloudCall {
    var filled = context
    filled.ids = chunks[chunk]
    return CloudCall(poll.action, region: region, poll.call(filled))
  }

  mutating func received(_ reply: Reply, at now: Instant) -> Request {
    switch reply {
    case .outcome(.done(let answer, _)):
      return look(at: .record(answer), now)
    case .outcome(.refused(let error)) where error.kind == .gone: return look(at: .empty, now)
    case .outcome(.refused(let error)) where error.kind == .caller || error.kind == .stock:
      return .conclude(.failed("\(error.code): \(error.message)"))
    case .outcome(.refused(let error)): return again(at: now, "\(error.code): \(error.message)")
    case .outcome(.unknown(let reason)), .unreachable(let reason):
      return again(at: now, reason)
    }
  }

  mutating func rested() -> Request { .read(call) }

  /// Often at first, since some work ends early, then at the pace that the expected duration asks for.
  private mutating func again(at now: Instant, _ seen: String) -> Request {
    lastSeen = seen
    guard now < deadline else { return .conclude(.deadlinePassed(lastSeen)) }
    defer { nextRest = min(poll.interval, nextRest * 3 / 2) }
    // The last look is at the deadline itself.
    return .rest(min(nextRest, deadline - now))
  }

  private enum Look {
    case done, running
    case failed(String)
  }

  private mutating func look(at answer: Value, _ now: Instant) -> Request {
    var running: [String] = []
    let since = firstLook ?? now
    firstLook = since
    for id in chunks[chunk] {
      let (verdict, seen) = judge(id, answer, isEarly: now < since + Poll.originPatience)
      switch verdict {
      case .done: continue
      case .failed(let why): return .conclude(.failed(why))
      case .running: running.append(seen)
      }
    }
    guard running.isEmpty else { return again(at: now, summary(running)) }
    lastSeen = "done"
    chunk += 1
    return chunk < chunks.count ? .read(call) : .conclude(.done)
  }

  private func summary(_ seen: [String]) -> String {
    var counts: [(String, Int)] = []
    for text in seen {
      if let index = counts.firstIndex(where: { $0.0 == text }) {
        counts[index].1 += 1
      } else {
        counts.append((text, 1))
      }
    }
    return counts.map { $0.1 > 1 ? "\($0.1) × \($0.0)" : $0.0 }.joined(separator: ", ")
  }

  private func judge(_ id: Value, _ answer: Value, isEarly: Bool) -> (Look, String) {
    guard let row = row(of: id, answer) else {
      switch poll.absent {
      case .done: return (.done, "gone")
      case .running: return (.running, "not listed yet")
      case .failed: return (.failed("\(id.display) is not there any more"), "gone")
      }
    }
    guard let path = poll.status else { return (.done, "there") }
    guard let status = path.value(in: row), !status.isNull else { return (.running, "no status yet") }
    if isEarly, speaksOfAnother(row) { return (.running, "not begun yet") }
    if let failure = poll.failure, speaksOfOwn(row), let seen = failure.path.value(in: row),
      failure.values.contains(seen)
    {
      return (.failed(failureText(id, row, seen)), seen.display)
    }
    if poll.done.contains(status) { return (.done, status.display) }
    guard poll.failed.contains(status) else { return (.running, status.display) }
    return (.failed(failureText(id, row, status)), status.display)
  }

  private func failureText(_ id: Value, _ row: Value, _ seen: Value) -> String {
    let detail = poll.detail.flatMap { $0.value(in: row)?.asText }.map { ": \($0)" } ?? ""
    let subject = poll.rows == nil ? "" : "\(id.display) is "
    return "\(subject)\(seen.display)\(detail)"
  }

  private func speaksOfAnother(_ row: Value) -> Bool {
    guard let origin = poll.origin, let own = origin.equals.filled(context), !own.isNull else { return false }
    return origin.path.value(in: row) != own
  }

  private func speaksOfOwn(_ row: Value) -> Bool {
    guard let origin = poll.origin else { return true }
    return origin.path.value(in: row) == origin.equals.filled(context)
  }

  private func row(of id: Value, _ answer: Value) -> Value? {
    guard let rows = poll.rows else { return answer }
    return rows.value(in: answer)?.asList?.first { poll.rowID?.value(in: $0) == id }
  }
}

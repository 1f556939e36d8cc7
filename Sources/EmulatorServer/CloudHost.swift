import CloudCatalog
import CloudEmulator
import Synchronization
import Values

/// By how much the clock that checks signatures is off. Apart from the host, so that checking waits for nobody.
final class ClockSkew: Sendable {
  private let skew = Mutex(Duration.zero)

  var value: Duration { skew.withLock { $0 } }
  func set(_ duration: Duration) { skew.withLock { $0 = duration } }
}

/// The one owner of the emulated cloud while it is served. A lock and not an actor: a call takes less time than to hand
/// it from one thread to another.
final class CloudHost: Sendable {
  private struct State {
    var cloud: EmulatedCloud
    var snapshots: [String: EmulatedCloud] = [:]
    var isSaveDue = false
    /// Those who wait until what they have changed is written.
    var waiting: [CheckedContinuation<Void, Never>] = []
    var isWriting = false
    /// How long the last write took.
    var lastWrite = Duration.zero
  }

  private let state: Mutex<State>
  let time: ServerTime
  let skew = ClockSkew()
  private let keeping: Keeping?

  init(_ configuration: ServerConfiguration) {
    state = Mutex(State(cloud: configuration.cloud))
    time = ServerTime(configuration)
    keeping = configuration.onChange.map {
      Keeping($0, every: configuration.changeInterval, wait: configuration.wait)
    }
    skew.set(configuration.cloud.clockSkew)
  }

  var cloud: EmulatedCloud { state.withLock { $0.cloud } }

  /// On the caller's thread: to hand it over takes as long as most calls. What the call has changed is kept in a while;
  /// when not even that has begun, whoever passes the delivery on waits for ``written()`` first.
  func handle(_ request: CloudRequest) -> (delivery: Delivery, isKept: Bool) {
    let (delivery, clockSkew) = state.withLock { state in
      (state.cloud.deliver(request, now: time.cloud), state.cloud.clockSkew)
    }
    // A skew that a scenario has begin later begins with the call after.
    skew.set(clockSkew)
    return switch delivery.reply {
    case .answered where !request.action.name.hasPrefix("Describe"), .lostAfter: (delivery, noteChange())
    case .answered, .refused, .lostBefore: (delivery, true)
    }
  }

  func strayRequestID() -> String { state.withLock { $0.cloud.strayRequestID() } }

  /// Works on the cloud after everything that is due has happened; on the snapshots too.
  func caughtUp<R: Sendable>(_ work: (inout EmulatedCloud, inout [String: EmulatedCloud]) -> R) -> R {
    let (result, clockSkew) = state.withLock { state in
      state.cloud.advance(to: time.cloud)
      let result = work(&state.cloud, &state.snapshots)
      return (result, state.cloud.clockSkew)
    }
    skew.set(clockSkew)
    return result
  }

  /// Between two writes passes so many times as long as the last one took.
  private static let writingShare = 4

  /// Keeps the state: before it returns, or when the interval is over.
  func hasChanged() async { if !noteChange() { await written() } }

  /// Has the state kept when the interval is over. False without one.
  private func noteChange() -> Bool {
    guard let keeping else { return true }
    guard let interval = keeping.interval else { return false }
    let pause: Duration? = state.withLock { state in
      guard !state.isSaveDue else { return nil }
      state.isSaveDue = true
      // A large world takes long to write: it is written more seldom, so that most of the time is left for the calls.
      return max(interval, state.lastWrite * CloudHost.writingShare)
    }
    if let pause {
      Task {
        await keeping.wait(pause)
        await self.save()
      }
    }
    return true
  }

  /// Returns when the cloud as it is now has been written.
  func written() async { if let keeping { await write(keeping) } }

  /// Writes what has not been written yet, and waits for a write that is under way.
  func save() async {
    guard let keeping else { return }
    let isDue = state.withLock { state in
      let isDue = state.isSaveDue || state.isWriting
      state.isSaveDue = false
      return isDue
    }
    if isDue { await write(keeping) }
  }

  /// Returns when the cloud as it is now has been written. While one write is under way, all further changes wait for
  /// one that has all of them in it.
  private func write(_ keeping: Keeping) async {
    await withCheckedContinuation { continuation in
      let begins = state.withLock { state in
        state.waiting.append(continuation)
        defer { state.isWriting = true }
        return !state.isWriting
      }
      if begins { Task { await self.writeAll(keeping) } }
    }
  }

  private func writeAll(_ keeping: Keeping) async {
    var next = nextWrite()
    while let (cloud, served) = next {
      let begun = ContinuousClock.now
      await keeping.writer.write(cloud)
      let taken = ContinuousClock.now - begun
      state.withLock { $0.lastWrite = taken }
      // Before anybody goes on: a write that nobody waits for is not under way any more.
      next = nextWrite()
      for continuation in served { continuation.resume() }
    }
  }

  /// What to write, and who waits for it; nil when nobody does.
  private func nextWrite() -> (EmulatedCloud, [CheckedContinuation<Void, Never>])? {
    state.withLock { state in
      defer { state.waiting = [] }
      state.isWriting = !state.waiting.isEmpty
      return state.isWriting ? (state.cloud, state.waiting) : nil
    }
  }
}

/// Who keeps the state, and how often.
private struct Keeping: Sendable {
  /// Nil: before each answer.
  let interval: Duration?
  let wait: @Sendable (Duration) async -> Void
  let writer: StateWriter

  init(
    _ save: @escaping @Sendable (Value) -> Void, every interval: Duration?,
    wait: @escaping @Sendable (Duration) async -> Void
  ) {
    self.interval = interval
    self.wait = wait
    writer = StateWriter(save)
  }
}

/// Encodes and writes apart from the host, so that calls do not wait for it.
private actor StateWriter {
  private let save: @Sendable (Value) -> Void

  init(_ save: @escaping @Sendable (Value) -> Void) { self.save = save }

  func write(_ cloud: EmulatedCloud) { save(cloud.encoded) }
}

import CloudCatalog
import RunDriver
import RunEngine
import RunJournal
import Synchronization
import Values

/// A world whose clock moves only when a test says so, over a toy cloud that answers at once.
final class VirtualWorld: World {
  private struct Sleeper {
    let at: Instant
    let continuation: CheckedContinuation<Void, Never>
  }
  private struct State {
    var now = Scripts.start
    var cloud = ToyCloud()
    var sleepers: [Int: Sleeper] = [:]
    var cancelled: Set<Int> = []
    var nextSleeper = 0
  }
  private let state = Mutex(State())
  private let store: MemoryStore
  let account = "test"

  init(store: MemoryStore) { self.store = store }

  var cloud: ToyCloud { state.withLock { $0.cloud } }
  var problems: [String] { store.problems }

  func arrange(_ change: (inout ToyCloud) -> Void) { state.withLock { change(&$0.cloud) } }

  func now() -> Instant { state.withLock { $0.now } }

  func sleep(until instant: Instant) async {
    let id = state.withLock { state in
      state.nextSleeper += 1
      return state.nextSleeper
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.cancelled.remove(id) != nil || state.now >= instant { return true }
          state.sleepers[id] = Sleeper(at: instant, continuation: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        if state.sleepers[id] == nil { state.cancelled.insert(id) }
        return state.sleepers.removeValue(forKey: id)
      }
      sleeper?.continuation.resume()
    }
  }

  func send(_ call: CloudCall) async -> Reply {
    store.noteSend(of: call)
    return state.withLock { state in state.cloud.send(call, at: state.now).reply }
  }

  /// Moves the clock to the next sleeper and wakes whoever is due.
  func advance() {
    let due = state.withLock { state -> [Sleeper] in
      guard let next = state.sleepers.values.map(\.at).min() else { return [] }
      state.now = max(state.now, next)
      let now = state.now
      let due = state.sleepers.filter { $0.value.at <= now }
      for id in due.keys { state.sleepers[id] = nil }
      return Array(due.values)
    }
    for sleeper in due { sleeper.continuation.resume() }
  }
}

/// A journal in memory that checks the order of things: the intent of a change is stored before the change leaves.
final class MemoryStore: WatchedStore {
  private struct State {
    var records: [StoredRecord] = []
    var appends = 0
    var status: String?
    var problems: [String] = []
  }
  private let state = Mutex(State())
  let inner = MemoryJournalStore()
  private let failsAt: Int?

  /// `failsAt`: the append, counted from 1, from which on nothing can be stored.
  init(failsAt: Int? = nil) { self.failsAt = failsAt }

  var records: [StoredRecord] { state.withLock { $0.records } }
  var appends: Int { state.withLock { $0.appends } }
  var status: String? { state.withLock { $0.status } }
  var problems: [String] { state.withLock { $0.problems } }

  func append(
    _ records: [StoredRecord], to run: RunID, status: String?, under lease: Lease?
  ) async throws(JournalProblem) {
    await Task.yield()
    let isFull = state.withLock { state in
      state.appends += 1
      if records.isEmpty { state.problems.append("an append of nothing") }
      return failsAt.map { state.appends >= $0 } ?? false
    }
    if isFull { throw JournalProblem(.full, "the disk is full") }
    try await inner.append(records, to: run, status: status, under: lease)
    state.withLock { state in
      state.records += records
      state.status = status ?? state.status
    }
  }

  func noteSend(of call: CloudCall) {
    state.withLock { state in
      guard Catalog.meaning(call.action)?.effect != .read else { return }
      let wanted = JSON.print(.record(call.arguments))
      let isDurable = state.records.contains { record in
        guard record.kind == "intent" || record.kind == "undo-intent", let payload = record.fields else { return false }
        return payload["action"] == .text(call.action.description)
          && payload["arguments"].map { JSON.print($0) } == wanted
      }
      if !isDurable { state.problems.append("\(call.action) left before its intent was stored") }
    }
  }
}

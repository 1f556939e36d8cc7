import RunEngine
import Synchronization

/// Gathers writes that arrive while a commit is under way and hands them over together to the next, so that one sync of
/// the disk serves them all. Each write still gets its own answer.
///
/// A write that finds no commit under way is committed at once by the thread that brings it: waking another one and
/// being woken again would take as long as a fast disk takes for its sync. So at any time one thread at most is held up
/// by the disk.
final class GroupCommit: Sendable {
  enum Write: Sendable {
    case create(RunSummary)
    case append([StoredRecord], RunID, status: String?, Lease?)
  }
  typealias Answer = Result<Void, JournalProblem>

  private struct Waiting {
    let write: Write
    let tell: @Sendable (Answer) -> Void
  }

  private struct State {
    var waiting: [Waiting] = []
    var isCommitting = false
    var commitCount = 0
  }

  /// How many writes one transaction takes; the rest waits for the one after it.
  static let maximumBatch = 512

  /// Commits the writes and answers each, in their order.
  private let commit: @Sendable ([Write]) -> [Answer]
  private let state = Mutex(State())

  init(commit: @escaping @Sendable ([Write]) -> [Answer]) { self.commit = commit }

  var commitCount: Int { state.withLock { $0.commitCount } }
  /// Writes that have not been handed to a commit yet.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Returns when the write is durable or has failed. Cancelling the caller does not withdraw the write.
  func perform(_ write: Write) async throws(JournalProblem) {
    if state.withLock({ GroupCommit.begins(&$0) }) { return try commitAlone(write).get() }
    let answer = await withCheckedContinuation { continuation in
      perform(write) { continuation.resume(returning: $0) }
    }
    try answer.get()
  }

  /// Tells the answer on this thread or, when the write had to wait, on another.
  func perform(_ write: Write, tell: @escaping @Sendable (Answer) -> Void) {
    let isAlone = state.withLock { state in
      let isAlone = GroupCommit.begins(&state)
      if !isAlone { state.waiting.append(Waiting(write: write, tell: tell)) }
      return isAlone
    }
    if isAlone { tell(commitAlone(write)) }
  }

  /// Whether no commit is under way; then one is.
  private static func begins(_ state: inout State) -> Bool {
    guard !state.isCommitting else { return false }
    state.isCommitting = true
    state.commitCount += 1
    return true
  }

  private func commitAlone(_ write: Write) -> Answer {
    let answers = commit([write])
    precondition(answers.count == 1, "every write of a batch is answered")
    goOn()
    return answers[0]
  }

  /// Whoever brought a write goes on; what came meanwhile is another thread's.
  private func goOn() {
    let isDone = state.withLock { state in
      state.isCommitting = !state.waiting.isEmpty
      return state.waiting.isEmpty
    }
    if !isDone { Task { commitWaiting() } }
  }

  private func commitWaiting() {
    let batch = state.withLock { state in
      state.commitCount += 1
      let batch = Array(state.waiting.prefix(GroupCommit.maximumBatch))
      state.waiting.removeFirst(batch.count)
      return batch
    }
    let answers = commit(batch.map(\.write))
    precondition(answers.count == batch.count, "every write of a batch is answered")
    goOn()
    for (entry, answer) in zip(batch, answers) { entry.tell(answer) }
  }
}

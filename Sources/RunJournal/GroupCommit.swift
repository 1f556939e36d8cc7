import RunEngine

/// Gathers writes that arrive while a commit is under way and hands them over together to the next, so that one sync of
/// the disk serves them all. Each write still gets its own answer.
actor GroupCommit {
  enum Write: Sendable {
    case create(RunSummary)
    case append([StoredRecord], RunID, status: String?, Lease?)
  }
  typealias Answer = Result<Void, JournalProblem>

  private struct Waiting {
    let write: Write
    let continuation: CheckedContinuation<Answer, Never>
  }

  /// How many writes one transaction takes; the rest waits for the one after it.
  static let maximumBatch = 512

  /// Commits the writes and answers each, in their order.
  private let commit: @Sendable ([Write]) async -> [Answer]
  private var waiting: [Waiting] = []
  private var isCommitting = false
  private(set) var commitCount = 0
  /// Writes that have not been handed to a commit yet.
  var waitingCount: Int { waiting.count }

  init(commit: @escaping @Sendable ([Write]) async -> [Answer]) { self.commit = commit }

  /// Returns when the write is durable or has failed. Cancelling the caller does not withdraw the write.
  func perform(_ write: Write) async throws(JournalProblem) {
    let answer = await withCheckedContinuation { continuation in
      waiting.append(Waiting(write: write, continuation: continuation))
      if !isCommitting {
        isCommitting = true
        Task { await drain() }
      }
    }
    try answer.get()
  }

  private func drain() async {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(GroupCommit.maximumBatch))
      waiting.removeFirst(batch.count)
      commitCount += 1
      let answers = await commit(batch.map(\.write))
      precondition(answers.count == batch.count, "every write of a batch is answered")
      for (entry, answer) in zip(batch, answers) { entry.continuation.resume(returning: answer) }
    }
    isCommitting = false
  }
}

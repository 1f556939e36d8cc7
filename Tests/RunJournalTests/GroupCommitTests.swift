import Dispatch
import Foundation
import RunEngine
import Synchronization
import Testing
import Values

@testable import RunJournal

@Suite(.timeLimit(.minutes(20))) struct GroupCommitTests {
  /// Holds the first commit until it is let go, so that what arrives meanwhile is known to wait.
  private final class Gate: Sendable {
    private let batches = Mutex<[Int]>([])
    private let arrived = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    func pass(_ size: Int) {
      let isFirst = batches.withLock { batches in
        batches.append(size)
        return batches.count == 1
      }
      guard isFirst else { return }
      arrived.signal()
      opened.wait()
    }

    func awaitArrival() { arrived.wait() }
    func open() { opened.signal() }
    var sizes: [Int] { batches.withLock { $0 } }
  }

  @Test(arguments: [(9, [1, 9]), (512, [1, 512]), (513, [1, 512, 1])])
  func whatArrivesDuringACommitGoesTogetherIntoTheNext(_ waiting: Int, _ batches: [Int]) async throws {
    let gate = Gate()
    let commits = GroupCommit { writes in
      gate.pass(writes.count)
      return writes.map { write in
        if case .append(_, RunID("r-7"), _, _) = write {
          .failure(JournalProblem(.conflict, "not this one"))
        } else {
          .success(())
        }
      }
    }
    // The first is committed, and held, on the thread that brings it.
    let first = Task {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          commits.perform(.append([], RunID("r-0"), status: nil, nil)) { continuation.resume(returning: $0) }
        }
      }
    }
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        gate.awaitArrival()
        continuation.resume()
      }
    }
    let outcomes = await withTaskGroup(of: (Int, JournalProblem?).self) { group in
      for number in 1...waiting {
        group.addTask {
          let found = await problem { () async throws(JournalProblem) in
            try await commits.perform(.append([], RunID("r-\(number)"), status: nil, nil))
          }
          return (number, found)
        }
      }
      while commits.waitingCount < waiting { await Task.yield() }
      gate.open()
      return await group.reduce(into: [Int: JournalProblem?]()) { $0[$1.0] = .some($1.1) }
    }
    try await first.value.get()
    #expect(gate.sizes == batches)
    #expect(commits.commitCount == batches.count)
    #expect(outcomes.filter { $0.value != nil }.keys.sorted() == [7])
  }

  @Test func aWriteThatNobodyIsBeforeIsCommittedByWhoeverBringsIt() {
    let commits = GroupCommit { writes in writes.map { _ in .success(()) } }
    let isAnswered = Mutex(false)
    commits.perform(.append([], RunID("r-0"), status: nil, nil)) { _ in isAnswered.withLock { $0 = true } }
    #expect(isAnswered.withLock { $0 })
  }
}

import RunEngine
import Testing
import Values

@testable import RunJournal

@Suite(.timeLimit(.minutes(20))) struct GroupCommitTests {
  /// Holds the first commit until it is let go, so that what arrives meanwhile is known to wait.
  private actor Gate {
    private var batches: [Int] = []
    private var held: CheckedContinuation<Void, Never>?
    private var arrival: CheckedContinuation<Void, Never>?

    func pass(_ size: Int) async {
      batches.append(size)
      guard batches.count == 1 else { return }
      await withCheckedContinuation { continuation in
        held = continuation
        arrival?.resume()
        arrival = nil
      }
    }

    func firstArrived() async {
      if held != nil { return }
      await withCheckedContinuation { arrival = $0 }
    }

    func open() { held?.resume() }
    var sizes: [Int] { batches }
  }

  @Test(arguments: [(9, [1, 9]), (512, [1, 512]), (513, [1, 512, 1])])
  func whatArrivesDuringACommitGoesTogetherIntoTheNext(_ waiting: Int, _ batches: [Int]) async throws {
    let gate = Gate()
    let commits = GroupCommit { writes in
      await gate.pass(writes.count)
      return writes.map { write in
        if case .append(_, RunID("r-7"), _, _) = write {
          .failure(JournalProblem(.conflict, "not this one"))
        } else {
          .success(())
        }
      }
    }
    let outcomes = await withTaskGroup(of: (Int, JournalProblem?).self) { group in
      for number in 0...waiting {
        group.addTask {
          let found = await problem { () async throws(JournalProblem) in
            try await commits.perform(.append([], RunID("r-\(number)"), status: nil, nil))
          }
          return (number, found)
        }
        if number == 0 { await gate.firstArrived() }
      }
      while await commits.waitingCount < waiting { await Task.yield() }
      await gate.open()
      return await group.reduce(into: [Int: JournalProblem?]()) { $0[$1.0] = .some($1.1) }
    }
    #expect(await gate.sizes == batches)
    #expect(await commits.commitCount == batches.count)
    #expect(outcomes.filter { $0.value != nil }.keys.sorted() == [7])
  }
}

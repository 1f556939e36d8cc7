import CloudCatalog
import Values

@testable import RunEngine

/// A board with watches on it, and a clock that jumps from look to look.
struct Watching {
  private(set) var board = WatchBoard()
  private(set) var now: Instant
  private(set) var looks: [WatchBoard.Look] = []

  init(_ watches: Watch..., at now: Instant) {
    self.now = now
    for (index, watch) in watches.enumerated() { add(watch, as: index) }
  }

  mutating func add(_ watch: Watch, as index: Int) {
    board.add(watch, for: .init(run: RunSlot(0), watch: WatchID(index)), at: now)
  }

  /// The next call, when there is one; the clock moves to it.
  mutating func look() -> CloudCall? {
    while looks.isEmpty {
      guard let next = board.nextTick else { return nil }
      now = max(now, next)
      looks += board.takeLooks(at: now)
    }
    return looks.first?.call
  }

  /// Answers the call of ``look()``; the last news that it brought.
  mutating func answer(_ reply: Reply) -> Watch.News? { answerAll(reply).last?.news }

  mutating func answerAll(_ reply: Reply) -> [(index: Int, news: Watch.News)] {
    board.received(looks.removeFirst().id, reply, at: now)
    let news = board.takeNews().map { (index: $0.0.watch.index, news: $0.1) }
    looks += board.takeLooks(at: now)
    return news
  }

  /// What is asked for, as text.
  mutating func asked() -> String {
    guard let call = look() else { return "nothing" }
    let ids = ValuePath("Filters[0].Values").value(in: .record(call.arguments))?.display
    return ids ?? JSON.print(.record(call.arguments))
  }
}

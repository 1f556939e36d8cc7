import Values

/// What is still to happen, soonest first; of two at the same instant, the one that was planned first.
struct Timeline: Sendable {
  private struct Moment: Comparable, Sendable {
    let due: Int64
    let order: Int

    static func < (left: Moment, right: Moment) -> Bool {
      left.due != right.due ? left.due < right.due : left.order < right.order
    }
  }

  private var events = OrderedTree<Moment, WorldEvent>()
  private var planned = 0

  var next: Instant? { events.isEmpty ? nil : Instant(milliseconds: events[rank: 0].key.due) }

  mutating func plan(_ event: WorldEvent, at instant: Instant) {
    events.insert(event, for: Moment(due: instant.milliseconds, order: planned))
    planned += 1
  }

  /// The soonest event that is due, and when it was; nil when none is.
  mutating func popDue(by instant: Instant) -> (Instant, WorldEvent)? {
    guard let next, next <= instant else { return nil }
    let (moment, event) = events[rank: 0]
    events.remove(moment)
    return (next, event)
  }
}

extension Timeline: Codable, Equatable {
  private enum CodingKeys: String, CodingKey { case heap, planned }

  private struct Entry: Codable, Equatable {
    let due: Int64
    let order: Int
    let event: WorldEvent
  }

  private var entries: [Entry] { events.map { Entry(due: $0.key.due, order: $0.key.order, event: $0.value) } }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    planned = try container.decode(Int.self, forKey: .planned)
    for entry in try container.decode([Entry].self, forKey: .heap) {
      events.insert(entry.event, for: Moment(due: entry.due, order: entry.order))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(entries, forKey: .heap)
    try container.encode(planned, forKey: .planned)
  }

  static func == (left: Timeline, right: Timeline) -> Bool {
    left.planned == right.planned && left.entries == right.entries
  }
}

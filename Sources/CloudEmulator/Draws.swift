import HashTreeCollections
import Values

/// What an account's cloud draws its ids and times from. Every call draws from numbers of its own, told by what it asks
/// for and by how often the same was asked and done before; work takes as long as the numbers say that are told by the
/// thing it is done on, the kind of work, and how often that was done on it. So neither reads nor the order of calls
/// change what a call makes, or how long it takes: a plan and a run of it meet the same cloud.
struct Draws: Sendable {
  /// Of the cloud, which keeps it; not of the account's document.
  var seed: UInt64 = 0
  /// Those of the call, or of the event, that is under way.
  var numbers = SplitMix64(seed: 0)
  /// How often numbers were drawn, by what tells them.
  private var counts: TreeDictionary<UInt64, Int> = [:]

  init() {}

  init(seed: UInt64) { (self.seed, numbers) = (seed, SplitMix64(seed: seed)) }

  /// What the numbers of an account are told apart by from those of others.
  static func seed(of account: String, _ configuration: Configuration) -> UInt64 {
    SplitMix64.mix(configuration.seed, account)
  }

  /// Numbers that are told by these words.
  func first(_ words: String) -> SplitMix64 { Draws.numbers(SplitMix64.mix(seed, words), 0) }

  /// Numbers that are told by these words, other ones each time.
  mutating func next(_ words: String) -> SplitMix64 {
    let digest = SplitMix64.mix(seed, words)
    defer { count(digest) }
    return numbers(digest)
  }

  /// The call draws from its own numbers from here on. The digest, for when it is done: a call that is refused leaves
  /// the next one like it the same numbers.
  mutating func begin(_ call: Call) -> UInt64 {
    let digest = SplitMix64.mix(call.digest, SplitMix64.mix(seed, "call"))
    numbers = numbers(digest)
    return digest
  }

  /// The call is done. One that drew nothing needs no other numbers the next time.
  mutating func end(_ digest: UInt64) { if numbers != numbers(digest) { count(digest) } }

  private func numbers(_ digest: UInt64) -> SplitMix64 { Draws.numbers(digest, counts[digest] ?? 0) }

  private static func numbers(_ digest: UInt64, _ count: Int) -> SplitMix64 {
    SplitMix64(seed: SplitMix64.mix(digest, UInt64(count)))
  }

  private mutating func count(_ digest: UInt64) { counts[digest, default: 0] += 1 }
}

extension Draws: Equatable {
  static func == (left: Draws, right: Draws) -> Bool { left.counts == right.counts }
}

/// Pairs of a digest and how often, in one list.
extension Draws: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let list = try container.decode([Int].self)
    guard list.count % 2 == 0 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a digest has no count")
    }
    for place in stride(from: 0, to: list.count, by: 2) {
      counts[UInt64(bitPattern: Int64(list[place]))] = max(0, list[place + 1])
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(counts.sorted { $0.key < $1.key }.flatMap { [Int(Int64(bitPattern: $0.key)), $0.value] })
  }
}

extension KeyedDecodingContainer {
  /// Older documents have none.
  func decode(_ type: Draws.Type, forKey key: Key) throws -> Draws { try decodeIfPresent(type, forKey: key) ?? Draws() }
}

/// Work that the cloud does by and by.
struct Work: Sendable {
  let name: String
  /// How long it takes at speed 1.
  let milliseconds: ClosedRange<Int>

  init(_ name: String, _ milliseconds: ClosedRange<Int>) { (self.name, self.milliseconds) = (name, milliseconds) }

  func duration(_ numbers: SplitMix64, speed: Double) -> Duration {
    var numbers = numbers
    return .milliseconds(max(1, Int64(min(Double(numbers.within(milliseconds)) / speed, 9e15))))
  }
}

extension Call {
  /// What labels a thing and does not make it another; runs put their own marks there.
  private static let labels: Set = ["ClientToken", "Tags", "TagSpecification"]

  /// The same for calls that ask for the same.
  fileprivate var digest: UInt64 {
    var asked: UInt64 = 0
    for (name, value) in parameters where !Call.labels.contains(name) {
      asked &+= SplitMix64.mix(value.digest, name)
    }
    let place = SplitMix64.mix(SplitMix64.mix(asked, facts.id.service), facts.id.name)
    // ECM does not look at the common parameter, and callers differ in whether they send it.
    return SplitMix64.mix(place, facts.id.service == "ecm" ? "" : commonRegion ?? "")
  }
}

extension Value {
  /// The same in every process, and in whatever order the members of records stand.
  fileprivate var digest: UInt64 {
    switch self {
    case .list(let elements): elements.reduce(1 as UInt64) { SplitMix64.mix($0, $1.digest) }
    case .record(let record): record.reduce(2 as UInt64) { $0 &+ SplitMix64.mix($1.value.digest, $1.key) }
    case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .secret: SplitMix64.mix(3, display)
    }
  }
}

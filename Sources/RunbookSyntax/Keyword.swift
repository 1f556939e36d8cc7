/// The words that mean something to the grammar. Most do so only in their place and are free names elsewhere.
enum Keyword: String, Sendable, CaseIterable {
  case runbook, use, `as`, with, `in`, inputs, `where`, `let`, parallel, each, key, give, `if`, `else`, then
  case wait, `is`, until, every, within, retry, on, up, to, undo, irreversible, keep, commit, fail, output, assert
  case library, `func`, recipe, test, bounds, approve, by, attempt, rescue, always, match, notify, timeout
  case and, or, not, `true`, `false`, null, it, `for`, owned, adopted, borrowed, secret

  /// Never a name of a binding: these begin a value or join values wherever they stand.
  var isReserved: Bool {
    switch self {
    case .let, .if, .then, .else, .for, .in, .and, .or, .not, .true, .false, .null, .it, .each, .parallel, .wait,
      .match:
      true
    case .runbook, .use, .as, .with, .inputs, .where, .key, .give, .is, .until, .every, .within, .retry, .on, .up, .to,
      .undo, .irreversible, .keep, .commit, .fail, .output, .assert, .library, .func, .recipe, .test, .bounds, .approve,
      .by, .attempt, .rescue, .always, .notify, .timeout, .owned, .adopted, .borrowed, .secret:
      false
    }
  }

  /// Stands behind a value, so that the word before it is a name.
  var joinsValues: Bool {
    switch self {
    case .in, .and, .or, .then, .else, .if, .is, .where, .key, .until, .every, .within: true
    case .runbook, .use, .as, .with, .inputs, .let, .parallel, .each, .give, .wait, .retry, .on, .up, .to, .undo,
      .irreversible, .keep, .commit, .fail, .output, .assert, .library, .func, .recipe, .test, .bounds, .approve, .by,
      .attempt, .rescue, .always, .match, .notify, .timeout, .not, .true, .false, .null, .it, .for, .owned, .adopted,
      .borrowed, .secret:
      false
    }
  }

  /// Begins a statement and nothing else, when it begins a line.
  var beginsStatement: Bool {
    switch self {
    case .let, .each, .parallel, .wait, .give, .commit, .fail, .output, .assert, .runbook, .use, .inputs, .library,
      .func,
      .recipe, .test, .bounds, .approve, .attempt, .match, .notify, .timeout:
      true
    case .as, .with, .in, .where, .key, .if, .else, .then, .is, .until, .every, .within, .retry, .on, .up, .to, .undo,
      .irreversible, .keep, .by, .rescue, .always, .and, .or, .not, .true, .false, .null, .it, .for, .owned, .adopted,
      .borrowed, .secret:
      false
    }
  }
}

/// Finds keywords by their bytes, without making a `String` of every word.
struct KeywordTable: Sendable {
  private static let slotBits: UInt64 = 8
  private static let long: (keyword: Keyword, bytes: [UInt8]) = (
    .irreversible, Array(Keyword.irreversible.rawValue.utf8)
  )
  static let shared = KeywordTable()

  private var packed: [UInt64]
  private var words: [Keyword?]

  private init() {
    let slots = 1 << Int(Self.slotBits)
    packed = Array(repeating: 0, count: slots)
    words = Array(repeating: nil, count: slots)
    for keyword in Keyword.allCases where keyword.rawValue.utf8.count <= 8 {
      var key: UInt64 = 0
      for byte in keyword.rawValue.utf8 { key = key << 8 | UInt64(byte) }
      var slot = Self.slot(of: key)
      while words[slot] != nil { slot = (slot + 1) % slots }
      packed[slot] = key
      words[slot] = keyword
    }
  }

  private static func slot(of key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> (64 - slotBits)) }

  func keyword(in bytes: [UInt8], _ lower: Int, _ upper: Int) -> Keyword? {
    guard upper - lower <= 8 else {
      guard upper - lower == Self.long.bytes.count, bytes[lower] == Self.long.bytes[0] else { return nil }
      return bytes[lower..<upper].elementsEqual(Self.long.bytes) ? Self.long.keyword : nil
    }
    var key: UInt64 = 0
    for at in lower..<upper { key = key << 8 | UInt64(bytes[at]) }
    var slot = Self.slot(of: key)
    while let word = words[slot] {
      if packed[slot] == key { return word }
      slot = (slot + 1) & (words.count - 1)
    }
    return nil
  }
}

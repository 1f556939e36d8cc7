/// Reads the fact files. The text lies in the binary as it is; an index of its blocks is made once, in one pass, when a
/// service is first asked for, and a block is parsed when its action or structure is first asked for. So a command that
/// looks at five actions pays for five: measured against a table of Swift literals, which compiles in 18 s and is built
/// at start, this compiles in no time and costs start-up nothing.
struct FactsReader: Sendable {
  /// Where the lines of one action or structure stand. Not a `Range`: to find out at run time that its bounds can be
  /// compared takes longer than to read a block.
  private struct Block {
    let start: Int
    let end: Int
  }

  private let text: StaticString
  private let actionBlocks: [String: Block]
  private let structureBlocks: [String: Block]
  let actionNames: [String]
  let structureNames: [String]
  /// The lines before the first block and the `commonerror` lines: first word → the rest, in order.
  let heads: [(word: String, rest: String)]

  init(_ text: StaticString) {
    self.text = text
    var actions: [(String, Block)] = []
    var structures: [(String, Block)] = []
    var heads: [(String, String)] = []
    for block in FactsReader.blocks(of: text) {
      let (word, rest) = FactsReader.split(FactsReader.firstLine(of: text, block))
      switch word {
      case "action": actions.append((String(rest), block))
      case "structure": structures.append((String(rest), block))
      default: for line in FactsReader.lines(of: text, block) { heads.append(FactsReader.head(line)) }
      }
    }
    actionBlocks = Dictionary(actions, uniquingKeysWith: { first, _ in first })
    structureBlocks = Dictionary(structures, uniquingKeysWith: { first, _ in first })
    actionNames = actions.map(\.0)
    structureNames = structures.map(\.0)
    self.heads = heads
  }

  func head(_ word: String) -> String? { heads.first { $0.word == word }?.rest }

  func action(_ service: String, _ name: String, isInferred: Bool = false) -> ActionFacts? {
    guard let block = actionBlocks[name] else { return nil }
    var summary = ""
    var category = ""
    var rate = 20
    var regionRequired = false
    var parameters: [MemberFacts] = []
    var outputs: [MemberFacts] = []
    var errors: [String] = []
    for line in FactsReader.lines(of: text, block).dropFirst() {
      let (word, rest) = FactsReader.split(line)
      switch word {
      case "summary": summary = String(rest)
      case "category": category = String(rest)
      case "rate": rate = Int(rest) ?? rate
      case "region": regionRequired = rest == "required"
      case "param": parameters.append(FactsReader.member(rest))
      case "output": outputs.append(FactsReader.member(rest))
      case "error": errors.append(String(rest))
      default: break
      }
    }
    return ActionFacts(
      id: ActionID(service, name), isInferred: isInferred, summary: summary, category: category, rate: rate,
      regionRequired: regionRequired, parameters: parameters, outputs: outputs, errors: errors)
  }

  func structure(_ name: String) -> StructureFacts? {
    guard let block = structureBlocks[name] else { return nil }
    var summary = ""
    var members: [MemberFacts] = []
    for line in FactsReader.lines(of: text, block).dropFirst() {
      let (word, rest) = FactsReader.split(line)
      if word == "summary" { summary = String(rest) }
      if word == "member" { members.append(FactsReader.member(rest)) }
    }
    return StructureFacts(name: name, summary: summary, members: members)
  }

  /// Blocks stand between empty lines.
  private static func blocks(of text: StaticString) -> [Block] {
    text.withUTF8Buffer { bytes in
      var result: [Block] = []
      var start = 0
      var offset = 0
      while let end = lineEnd(in: bytes, from: offset) {
        offset = end + 1
        guard offset == bytes.count || bytes[offset] == newline else { continue }
        if end > start { result.append(Block(start: start, end: end)) }
        offset += 1
        start = offset
      }
      if start < bytes.count { result.append(Block(start: start, end: bytes.count)) }
      return result
    }
  }

  private static let newline = UInt8(ascii: "\n")

  /// The next line end, looked for in eight bytes at a time.
  private static func lineEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    let text = UnsafeRawBufferPointer(bytes)
    var offset = start
    while offset + 8 <= text.count {
      // A byte is zero where a line end was, and the lowest zero is the one whose top bit comes out lowest.
      let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ (ones &* 10)
      let found = (word &- ones) & ~word & tops
      if found != 0 { return offset + found.trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < text.count {
      if text[offset] == newline { return offset }
      offset += 1
    }
    return nil
  }

  private static func firstLine(of text: StaticString, _ block: Block) -> String {
    text.withUTF8Buffer { bytes in
      let end = min(lineEnd(in: bytes, from: block.start) ?? block.end, block.end)
      return String(decoding: UnsafeBufferPointer(rebasing: bytes[block.start..<end]), as: UTF8.self)
    }
  }

  private static func lines(of text: StaticString, _ block: Block) -> [Substring] {
    let lines = text.withUTF8Buffer { bytes in
      String(decoding: UnsafeBufferPointer(rebasing: bytes[block.start..<block.end]), as: UTF8.self)
    }
    return pieces(of: lines[...], at: newline)
  }

  private static func split(_ line: some StringProtocol) -> (Substring, Substring) {
    let line = Substring(line)
    guard let space = line.utf8.firstIndex(of: 32) else { return (line, "") }
    return (line[..<space], line[line.utf8.index(after: space)...])
  }

  /// What stands between the bytes, without what is empty. The files are read as bytes: to look for characters, of
  /// which each may be several code points, would be most of the work of a short check.
  private static func pieces(of text: Substring, at separator: UInt8) -> [Substring] {
    text.utf8.split(separator: separator).map { Substring($0) }
  }

  private static func head(_ line: Substring) -> (String, String) {
    let (word, rest) = split(line)
    return (String(word), String(rest))
  }

  /// `NAME required|optional|plain|nullable TYPE key=value…`
  private static func member(_ text: Substring) -> MemberFacts {
    let (name, afterName) = split(text)
    let (presence, afterPresence) = split(afterName)
    var type = afterPresence
    var constraints = Constraints()
    while true {
      let space = type.utf8.lastIndex(of: UInt8(ascii: " "))
      let last = space.map { type[type.utf8.index(after: $0)...] } ?? type
      guard let equals = last.utf8.firstIndex(of: UInt8(ascii: "=")) else { break }
      read(last[..<equals], last[last.utf8.index(after: equals)...], into: &constraints)
      type = type[..<(space ?? type.startIndex)]
    }
    return MemberFacts(
      name: String(name), type: FactType(type), required: presence == "required",
      nullable: presence == "nullable", constraints: constraints)
  }

  private static func read(_ key: Substring, _ value: Substring, into constraints: inout Constraints) {
    switch key {
    case "default": constraints.defaultValue = decoded(value)
    case "enum": constraints.enumeration = pieces(of: value, at: UInt8(ascii: ",")).map(decoded)
    case "min": constraints.minimum = Double(value)
    case "max": constraints.maximum = Double(value)
    case "minlength": constraints.minimumLength = Int(value)
    case "maxlength": constraints.maximumLength = Int(value)
    case "maxitems": constraints.maximumItems = Int(value)
    case "pattern": constraints.pattern = decoded(value)
    case "format": constraints.format = decoded(value)
    case "exclusive": constraints.exclusive = pieces(of: value, at: UInt8(ascii: ",")).map(decoded)
    default: break
    }
  }

  /// Percent-decoding: space, comma, percent and equals signs are written as `%XX`.
  private static func decoded(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

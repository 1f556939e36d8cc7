import CloudEmulator
import RunEngine
import Values

/// Where a value of a plan comes from. Ids are drawn by the cloud, so one that stands in an answer stands nowhere else:
/// whoever uses it later has it from there.
package struct Origins: Sendable {
  private struct Origin: Sendable {
    let step: StepAddress
    /// Within the answer, such as `Vpc.VpcId` or `AddressSet[0]`.
    let path: String
    /// Whether a read answered it, which also tells of what was there.
    let isRead: Bool
  }
  private var byText: [String: Origin] = [:]
  /// Whether a number is among them.
  private var hasNumbers = false
  /// What the run's own marks begin with.
  private let mark: String
  /// The ids that were there before the run, and those that are there after it.
  private let old: Set<String>
  var new: Set<String>
  /// What the text and the inputs say.
  private var written: Set<String>
  /// Whether what was there before is that of an account, and not of a world that was made up.
  private let isReal: Bool

  package init(
    mark: RunID, created: JournalRecord, old: some Sequence<String>, new: some Sequence<String>, isReal: Bool
  ) {
    self.mark = mark.text + "/"
    (self.old, self.new) = (Set(old), Set(new))
    self.isReal = isReal
    written = Origins.written(created)
  }

  /// The words of the sources and the texts of the inputs.
  private static func written(_ created: JournalRecord) -> Set<String> {
    guard case .created(_, _, _, let source, let inputs, _, _, let files) = created else { return [] }
    var words = Set(Origins.words(source).map(String.init))
    for file in files { words.formUnion(Origins.words(file.value.asText ?? "").map(String.init)) }
    collect(.record(inputs), into: &words)
    return words
  }

  private static func collect(_ value: Value, into words: inout Set<String>) {
    switch value {
    case .text(let text): words.insert(text)
    case .list(let elements): for element in elements { collect(element, into: &words) }
    case .record(let record): for member in record { collect(member.value, into: &words) }
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: return
    }
  }

  /// What a record tells; most tell nothing.
  package mutating func note(_ record: JournalRecord) {
    switch record {
    // What a call says before any answer has said it, the runbook has made itself; answers only repeat it.
    case .intent(_, _, let arguments, _, _, _, _): compose(.record(arguments))
    case .read(let step, _, let result, _, _): note(result, of: step, isRead: true)
    case .done(let step, let result, _, _, _): note(result, of: step, isRead: false)
    case .created, .refused, .unknown, .notSent, .waitBegan, .waitEnded, .timeoutBegan, .attemptFailed, .rescueBegan,
      .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .committed, .output, .failed, .undoBegan, .undoIntent,
      .undoDone, .undoRefused, .undone, .undoFailed, .asked, .finished:
      return
    }
  }

  private mutating func compose(_ value: Value) {
    switch value {
    case .text(let text): if Origins.isID(text), byText[text] == nil { written.insert(text) }
    case .list(let elements): for element in elements { compose(element) }
    case .record(let record): for member in record { compose(member.value) }
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: return
    }
  }

  /// What a step answered. What is there already keeps its origin.
  private mutating func note(_ result: Record, of step: StepAddress, isRead: Bool) {
    for (name, member) in result { note(member, of: step, at: name, isRead) }
  }

  private mutating func note(_ value: Value, of step: StepAddress, at path: String, _ isRead: Bool) {
    switch value {
    case .text(let text): if Origins.isID(text) { add(text, step, path, isRead) }
    case .int(let number): if path.hasSuffix("Id") { add(String(number), step, path, isRead) }
    case .list(let elements):
      for (index, element) in elements.enumerated() { note(element, of: step, at: "\(path)[\(index)]", isRead) }
    case .record(let record):
      for (name, member) in record { note(member, of: step, at: "\(path).\(name)", isRead) }
    case .null, .bool, .float, .duration, .quantity, .cidr, .secret: return
    }
  }

  private mutating func add(_ text: String, _ step: StepAddress, _ path: String, _ isRead: Bool) {
    guard byText[text] == nil, !written.contains(text) else { return }
    byText[text] = Origin(step: step, path: path, isRead: isRead)
    if text.utf8.allSatisfy(Origins.isDigit) { hasNumbers = true }
  }

  /// Whether the run itself made what has this id. A read also tells of what was there; what a change answers is its
  /// own, unless it was there.
  private func isMade(_ text: String, _ origin: Origin) -> Bool {
    !old.contains(text) && (!origin.isRead || new.contains(text))
  }

  /// `vpc-3k2l9x0a`, a task's number, an address of the internet: what nobody writes into a runbook by chance.
  private static func isID(_ text: String) -> Bool {
    let bytes = text.utf8
    guard (5...64).contains(bytes.count) else { return false }
    if bytes.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) { return true }
    guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")) else { return false }
    let (prefix, tail) = (bytes[..<dash], bytes[bytes.index(after: dash)...])
    return (1...8).contains(prefix.count) && prefix.allSatisfy(isLetter) && tail.count >= 6
      && tail.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  // MARK: Asking

  /// A value as a step uses it. Origins in the step's own rounds are named from there.
  package func planned(_ value: Value, in step: StepAddress) -> PlannedValue {
    switch value {
    case .text(let text): planned(text, in: step)
    case .int(let number): byText[String(number)].map { named($0, String(number), value, step) } ?? .known(value)
    case .list(let elements):
      PlannedValue.whole(.list(elements.map { planned($0, in: step) }), value)
    case .record(let record):
      PlannedValue.whole(.record(record.map { (name: $0.key, value: planned($0.value, in: step)) }), value)
    case .null, .bool, .float, .duration, .quantity, .cidr, .secret: .known(value)
    }
  }

  private func planned(_ text: String, in step: StepAddress) -> PlannedValue {
    if let origin = byText[text] { return named(origin, text, .text(text), step) }
    if text.hasPrefix(mark) { return .symbolic(PlannedValue.markName) }
    guard mayHoldID(text) else { return .known(.text(text)) }
    var pieces: [PlannedValue] = []
    var plain = ""
    for word in Origins.words(text) {
      guard let origin = byText[String(word)] else {
        plain += word
        continue
      }
      if !plain.isEmpty { pieces.append(.known(.text(plain))) }
      plain = ""
      pieces.append(named(origin, String(word), .text(String(word)), step))
    }
    guard !pieces.isEmpty else { return .known(.text(text)) }
    if !plain.isEmpty { pieces.append(.known(.text(plain))) }
    return .text(pieces)
  }

  private func named(_ origin: Origin, _ text: String, _ value: Value, _ step: StepAddress) -> PlannedValue {
    let name = "\(relative(origin.step, to: step)).\(origin.path)"
    if isMade(text, origin) { return .symbolic(name) }
    return isReal ? .read(name, value) : .assumed(name, value)
  }

  /// Without the rounds that both are in.
  private func relative(_ origin: StepAddress, to step: StepAddress) -> String {
    let common = zip(origin.text.utf8, step.text.utf8).prefix { $0 == $1 }.count
    let shared = origin.text.utf8.prefix(common)
    guard let end = shared.lastIndex(of: UInt8(ascii: ".")) else { return name(of: origin) }
    // A dot within a key is none between rounds.
    let head = shared[..<end]
    guard head.last == UInt8(ascii: "]") || !head.contains(UInt8(ascii: "[")) else { return name(of: origin) }
    return name(of: StepAddress(String(origin.text.utf8[shared.index(after: end)...]) ?? origin.text))
  }

  /// An address with the ids in its keys replaced by where they come from, so that two runs have the same names.
  package func name(of address: StepAddress) -> String {
    guard address.text.utf8.contains(UInt8(ascii: "[")), mayHoldID(address.text) else { return address.text }
    var name = ""
    for word in Origins.words(address.text) {
      guard let origin = byText[String(word)], isMade(String(word), origin) else {
        name += word
        continue
      }
      // The quotes around a key go with it.
      if name.hasSuffix("\"") { name.removeLast() }
      name += "<\(relative(origin.step, to: address)).\(origin.path)>"
    }
    return name.replacing(">\"", with: ">")
  }

  /// Whether a word of the text may have an origin. Most have none, and a long plan asks of each.
  private func mayHoldID(_ text: String) -> Bool {
    if byText.isEmpty { return false }
    var text = text
    return text.withUTF8 { bytes in
      var (count, digits) = (0, 0)
      for byte in bytes {
        if byte == UInt8(ascii: "-") { return true }
        if Origins.isDigit(byte) {
          (count, digits) = (count + 1, digits + 1)
        } else if Origins.isLetter(byte) {
          count += 1
        } else {
          if hasNumbers, digits > 0, digits == count { return true }
          (count, digits) = (0, 0)
        }
      }
      return hasNumbers && digits > 0 && digits == count
    }
  }

  /// A text cut where an id may begin or end.
  private static func words(_ text: String) -> [Substring] {
    var words: [Substring] = []
    var start = text.startIndex
    var wasPart: Bool?
    for index in text.utf8.indices {
      let byte = text.utf8[index]
      let isPart = isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
      if let wasPart, wasPart != isPart {
        words.append(text[start..<index])
        start = index
      }
      wasPart = isPart
    }
    return words + [text[start...]]
  }
}

/// A value of a plan, with how sure it is.
package indirect enum PlannedValue: Sendable {
  package enum Certainty: Int, Sendable, Comparable {
    case known, symbolic, assumed
    package static func < (left: Certainty, right: Certainty) -> Bool { left.rawValue < right.rawValue }
  }
  /// The text, the inputs and the account say so.
  case known(Value)
  /// Read from the account, and there.
  case read(String, Value)
  /// From the answer of an earlier step, which the cloud draws when it happens.
  case symbolic(String)
  /// From the answer of a read in a world that was made up.
  case assumed(String, Value)
  /// A text of several pieces.
  case text([PlannedValue])
  case list([PlannedValue])
  case record([(name: String, value: PlannedValue)])

  /// What stands for the mark that the engine puts on what a step makes, which has the run's id in it.
  package static let markName = "the step's mark"

  package var certainty: Certainty {
    switch self {
    case .known, .read: .known
    case .symbolic: .symbolic
    case .assumed: .assumed
    case .text(let parts), .list(let parts): parts.map(\.certainty).max() ?? .known
    case .record(let members): members.map(\.value.certainty).max() ?? .known
    }
  }

  /// What is known all through is one value.
  static func whole(_ planned: PlannedValue, _ value: Value) -> PlannedValue {
    switch planned {
    case .list(let parts): parts.allSatisfy(\.isKnown) ? .known(value) : planned
    case .record(let members): members.allSatisfy(\.value.isKnown) ? .known(value) : planned
    case .known, .read, .symbolic, .assumed, .text: planned
    }
  }

  private var isKnown: Bool { if case .known = self { true } else { false } }

  /// Without what the engine adds to every call; nil when nothing else is in it.
  package var withoutMark: PlannedValue? {
    switch self {
    case .symbolic(PlannedValue.markName): return nil
    case .known, .read, .symbolic, .assumed, .text: return self
    case .list(let elements):
      let kept = elements.compactMap(\.withoutMark)
      return kept.isEmpty && !elements.isEmpty ? nil : .list(kept)
    case .record(let members):
      let kept = members.compactMap { member in member.value.withoutMark.map { (name: member.name, value: $0) } }
      // A tag whose value is the mark is the mark's altogether, and so is what holds nothing but that tag.
      return kept.count < members.count && kept.count <= 1 ? nil : .record(kept)
    }
  }

  /// As JSON: `{"from": "net.Vpc.VpcId"}` stands for what comes from an answer; with it `value`, where there is one
  /// already, and `assumed`. A text of pieces is `{"text": […]}`.
  package var document: Value {
    switch self {
    case .known(let value): value
    case .read(let name, let value): ["from": .text(name), "value": value]
    case .symbolic(let name): ["from": .text(name)]
    case .assumed(let name, let value): ["from": .text(name), "value": value, "assumed": true]
    case .text(let pieces): ["text": .list(pieces.map(\.document))]
    case .list(let elements): .list(elements.map(\.document))
    case .record(let members): .record(Record(members.map { ($0.name, $0.value.document) }))
    }
  }
}

import Diagnostics

extension Lexer {
  /// An integer, a decimal, a duration, a quantity, a version or an address block.
  mutating func lexNumber() {
    let start = at
    skipDigits()
    var kind = TokenKind.int
    if byte(at: at) == UInt8(ascii: "."), isDigit(byte(at: at + 1)) {
      at += 1
      skipDigits()
      if byte(at: at) == UInt8(ascii: "."), isDigit(byte(at: at + 1)) { return lexDotted(start) }
      kind = .float
    }
    let end = at
    if isWordByte(byte(at: at)) { return lexUnit(start, end, isWhole: kind == .int) }
    if kind == .int, isAtRate { return lexRate(start) }
    let problem = numberProblem(start, end)
    if let problem { report(.badNumber, start, end, problem.message, hint: problem.hint) }
    append(kind, start, end, flags: problem == nil ? [] : .isBroken)
  }

  private mutating func skipDigits() { while isDigit(byte(at: at)) || byte(at: at) == UInt8(ascii: "_") { at += 1 } }

  /// The value of a run of digits and `_`, or nil when it does not fit.
  static func integer(_ bytes: some Sequence<UInt8>) -> Int? {
    var value = 0
    for byte in bytes where byte != UInt8(ascii: "_") {
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeStill) = product.addingReportingOverflow(Int(byte &- UInt8(ascii: "0")))
      if isTooLarge || isTooLargeStill { return nil }
      value = sum
    }
    return value
  }

  func numberProblem(_ start: Int, _ end: Int) -> (message: String, hint: String?)? {
    let digits = bytes[start..<end]
    let whole = digits.prefix { $0 != UInt8(ascii: ".") }
    if digits.contains(UInt8(ascii: "_")) {
      for offset in digits.indices where digits[offset] == UInt8(ascii: "_") {
        if !isDigit(byte(at: offset + 1)) || offset + 1 >= end || !isDigit(bytes[offset - 1]) {
          return ("'_' stands only between two digits", "for example 1_000")
        }
      }
    }
    if whole.count > 1, whole.first == UInt8(ascii: "0") {
      return ("a number does not begin with 0", "write it without the 0, or as a text")
    }
    if whole.count == digits.count, Lexer.integer(digits) == nil {
      return ("this number is too large", "the largest is \(Int.max)")
    }
    return nil
  }

  /// The factor in milliseconds of a unit of time.
  static func milliseconds(in unit: some StringProtocol) -> Int? {
    switch unit {
    case "ms": 1
    case "s": 1000
    case "min": 60_000
    case "h": 3_600_000
    case "d": 86_400_000
    default: nil
    }
  }

  /// Letters stand right after a number: a unit of time, or a slip.
  private mutating func lexUnit(_ start: Int, _ end: Int, isWhole: Bool) {
    while isWordByte(byte(at: at)) { at += 1 }
    let unit = text(end, at)
    let number = text(start, end)
    guard let factor = Lexer.milliseconds(in: unit) else {
      if Lexer.isQuantity(unit) { return lexQuantity(start, end, unit, isWhole: isWhole) }
      reportUnit(unit, start, end)
      return append(.duration, start, at, flags: .isBroken)
    }
    var problem = numberProblem(start, end)
    if problem == nil, !isWhole {
      problem = ("a duration is a whole number of its unit", "take a smaller unit: 90min instead of 1.5h")
    } else if problem == nil, (Lexer.integer(number.utf8) ?? 0).multipliedReportingOverflow(by: factor).overflow {
      problem = ("this duration is too long", nil)
    }
    if let problem { report(.badNumber, start, at, problem.message, hint: problem.hint) }
    append(.duration, start, at, flags: problem == nil ? [] : .isBroken)
  }

  private mutating func reportUnit(_ unit: String, _ start: Int, _ end: Int) {
    let number = text(start, end)
    if number == "0", unit.hasPrefix("x") || unit.hasPrefix("b") || unit.hasPrefix("o") {
      return report(.badNumber, start, at, "'\(text(start, at))' is not a number", hint: "numbers are decimal")
    }
    if unit.hasPrefix("e") || unit.hasPrefix("E"), unit.utf8.dropFirst().allSatisfy(isDigit) {
      return report(
        .badNumber, start, at, "'\(text(start, at))' is not a number", hint: "write it out, for example 1_000")
    }
    if unit.utf8.contains(where: isDigit) {
      let hint = "a duration has one number and one unit: 90min instead of 1h30min"
      return report(.badUnit, end, at, "unknown unit '\(unit)'", hint: hint)
    }
    let meant = Lexer.meantUnit(unit)
    report(
      .badUnit, end, at, "unknown unit '\(unit)'" + (meant.map { " (did you mean '\($0)'?)" } ?? ""),
      hint: meant.map { "write '\(number)\($0)'" }
        ?? "the units are ms, s, min, h, d of time; B, KiB, MiB, GiB, TiB; bps, kbps, Mbps, Gbps; CNY, USD",
      fix: meant.map { Fix("write '\(number)\($0)'", Span(source, end, at), $0) })
  }

  private static func meantUnit(_ unit: String) -> String? {
    switch unit.lowercased() {
    case "m", "mins", "minute", "minutes": "min"
    case "sec", "secs", "second", "seconds": "s"
    case "hr", "hrs", "hour", "hours": "h"
    case "day", "days": "d"
    case "msec", "millis", "milliseconds": "ms"
    case "b", "byte", "bytes": "B"
    case "k", "kb", "kib": "KiB"
    case "mb", "mib": "MiB"
    case "g", "gb", "gib": "GiB"
    case "t", "tb", "tib": "TiB"
    case "bit", "bits", "bps": "bps"
    case "kbit", "kbits", "kbps": "kbps"
    case "mbit", "mbits", "mbps": "Mbps"
    case "gbit", "gbits", "gbps": "Gbps"
    case "rmb", "cny", "yuan": "CNY"
    case "usd", "dollars": "USD"
    case let other where milliseconds(in: other) != nil: other
    case let other: nearest(to: other, among: ["ms", "min", "s", "h", "d"].filter { $0.count + 1 >= other.count })
    }
  }

  /// Digits and at least two dots: `1.4.0` is a version, `10.20.0.0/16` an address block.
  private mutating func lexDotted(_ start: Int) {
    while isDigit(byte(at: at)) || (byte(at: at) == UInt8(ascii: ".") && isDigit(byte(at: at + 1))) { at += 1 }
    let parts = bytes[start..<at].split(separator: UInt8(ascii: "."))
    if byte(at: at) == UInt8(ascii: "/"), parts.count >= 4 || isDigit(byte(at: at + 1)) {
      at += 1
      while isWordByte(byte(at: at)) { at += 1 }
    } else if parts.count == 3 {
      lexVersionSuffix()
      return append(.version, start, at)
    }
    let problem = blockProblem(start, parts)
    if let problem { report(.badCIDR, start, at, problem.message, hint: problem.hint) }
    append(.cidr, start, at, flags: problem == nil ? [] : .isBroken)
  }

  /// `-beta.1`, `+build`
  private mutating func lexVersionSuffix() {
    guard byte(at: at) == UInt8(ascii: "-") || byte(at: at) == UInt8(ascii: "+"), isWordByte(byte(at: at + 1)) else {
      return
    }
    while isWordByte(byte(at: at)) || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ".")].contains(byte(at: at)) {
      at += 1
    }
  }

  private func blockProblem(_ start: Int, _ octets: [ArraySlice<UInt8>]) -> (message: String, hint: String)? {
    let form = "an address block is written like 10.20.0.0/16"
    guard octets.count == 4 else { return ("an address has four numbers, this one has \(octets.count)", form) }
    var address = 0
    for octet in octets {
      guard let value = Lexer.integer(octet), value <= 255, octet.count == 1 || octet.first != UInt8(ascii: "0") else {
        return ("'\(String(decoding: octet, as: UTF8.self))' is not a number from 0 to 255", form)
      }
      address = address << 8 | value
    }
    guard let slash = bytes[start..<at].firstIndex(of: UInt8(ascii: "/")) else {
      let address = text(start, at)
      return ("an address block needs its prefix length", "write '\(address)/24', or \"\(address)\" for one address")
    }
    let digits = bytes[(slash + 1)..<at]
    guard !digits.isEmpty, digits.allSatisfy(isDigit), let prefix = Lexer.integer(digits), prefix <= 32,
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return ("a prefix length is a number from 0 to 32", form) }
    let network = prefix == 0 ? 0 : (address >> (32 - prefix)) << (32 - prefix)
    guard network == address else {
      let dotted = [24, 16, 8, 0].map { String(network >> $0 & 255) }.joined(separator: ".")
      return ("this address is not the first of its /\(prefix) block", "the block is \(dotted)/\(prefix)")
    }
    return nil
  }
}

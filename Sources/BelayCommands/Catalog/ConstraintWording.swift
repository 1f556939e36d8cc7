import CloudCatalog

/// What the books say a value must be, in words.
enum ConstraintWording {
  static func text(_ member: MemberFacts) -> [String] {
    let stated = member.constraints
    var words: [String] = []
    if !stated.enumeration.isEmpty { words.append(stated.enumeration.joined(separator: ", ")) }
    if let range = range(stated.minimum.map(number), stated.maximum.map(number)) { words.append(range) }
    let lengths = range(stated.minimumLength.map(String.init), stated.maximumLength.map(String.init))
    if let lengths { words.append("\(lengths) characters") }
    if let items = stated.maximumItems { words.append("at most \(items) \(items == 1 ? "element" : "elements")") }
    if let format = stated.format { words.append(formats[format] ?? format) }
    if let pattern = stated.pattern { words.append("like \(pattern)") }
    if let standard = stated.defaultValue { words.append("default \(standard)") }
    if !stated.exclusive.isEmpty { words.append("not with \(stated.exclusive.joined(separator: ", "))") }
    return words
  }

  private static let formats = [
    "cidr": "a network such as 10.20.0.0/16", "date": "YYYY-MM-DD", "month": "YYYY-MM",
    "datetime": "YYYY-MM-DD HH:MM:SS", "iso8601": "YYYY-MM-DDThh:mm:ssZ",
  ]

  private static func range(_ low: String?, _ high: String?) -> String? {
    switch (low, high) {
    case (nil, nil): nil
    case (let low?, nil): "at least \(low)"
    case (nil, let high?): "at most \(high)"
    case (let low?, let high?): "\(low) to \(high)"
    }
  }

  static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

import NIOHTTP1

/// An HTTP request as far as the cloud looks at it.
struct WireRequest: Sendable {
  let method: String
  let path: String
  /// What stands after the question mark, as it was sent.
  let query: String
  /// `host` among them.
  let headers: HeaderFields
  let body: [UInt8]

  init(method: String, path: String, query: String = "", headers: HeaderFields, body: [UInt8]) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The target is what stands behind the method: a path and a query, after a host when a proxy is meant to pass it on.
  init(method: String, target: String, headers: HeaderFields, body: [UInt8]) {
    // What nearly all requests say.
    if target == "/" {
      self.init(method: method, path: target, headers: headers, body: body)
      return
    }
    var rest = target.prefix { $0 != "#" }
    if let scheme = ["http://", "https://"].first(where: rest.hasPrefix) {
      rest = rest.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
    }
    let path = rest.prefix { $0 != "?" }
    self.init(
      method: method, path: path.isEmpty ? "/" : String(path), query: String(rest.dropFirst(path.count + 1)),
      headers: headers, body: body)
  }

  func header(_ name: String) -> String { headers[name] ?? "" }

  /// The media type without its parameters.
  var mediaType: String {
    let type = header("content-type")
    // What nearly all requests say.
    if type == "application/json" { return type }
    return String(type.prefix { $0 != ";" }).withoutBlanks.lowercased()
  }
}

/// The header fields of a request by their lower-case names, values trimmed. So few that they are looked through sooner
/// than hashed. Of several of one name, the last counts.
struct HeaderFields: Sendable, ExpressibleByDictionaryLiteral {
  private var fields: [(name: String, value: String)] = []

  init(dictionaryLiteral fields: (String, String)...) {
    for (name, value) in fields { append(name, value) }
  }

  init(_ headers: HTTPHeaders) {
    fields.reserveCapacity(headers.count)
    for (name, value) in headers { append(name.lowercased(), value) }
  }

  private mutating func append(_ name: String, _ value: String) { fields.append((name, value.withoutBlanks)) }

  subscript(name: String) -> String? { fields.last { $0.name == name }?.value }
}

extension ArraySlice<UInt8> {
  func spells(_ text: String) -> Bool { count == text.utf8.count && elementsEqual(text.utf8) }

  /// Takes what stands before the next separator, and the separator; nil at the end.
  mutating func popPart(before separator: UInt8) -> ArraySlice<UInt8>? {
    if isEmpty { return nil }
    let end = firstIndex(of: separator) ?? endIndex
    defer { self = self[Swift.min(end + 1, endIndex)...] }
    return self[..<end]
  }

  /// Without blanks at either end.
  var trimmed: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
      return []
    }
    return self[first...last]
  }
}

extension String {
  /// Without blanks at either end; most have none, and stay as they are.
  var withoutBlanks: String {
    guard let first = utf8.first, let last = utf8.last, first.isBlank || last.isBlank else { return self }
    return String(decoding: Array(utf8)[...].trimmed, as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

/// Why a request is turned away before the cloud sees it.
struct WireRefusal: Error, Sendable, Hashable {
  let code: String
  let message: String

  init(_ code: String, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// An HTTP request as far as the cloud looks at it.
struct WireRequest: Sendable {
  let method: String
  let path: String
  /// What stands after the question mark, as it was sent.
  let query: String
  /// By lower-case name, values trimmed; `host` among them.
  let headers: [String: String]
  let body: [UInt8]

  init(method: String, path: String, query: String = "", headers: [String: String], body: [UInt8]) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
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

extension ArraySlice<UInt8> {
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

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
    let type = header("content-type").utf8.prefix { $0 != UInt8(ascii: ";") }
    return Substring(type).trimmed.lowercased()
  }
}

extension Substring {
  /// Without blanks at either end.
  var trimmed: Substring {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return self[first..<utf8.index(after: last)]
  }
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

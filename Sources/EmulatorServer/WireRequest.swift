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
    let type = header("content-type").prefix { $0 != ";" }
    return type.trimmed.lowercased()
  }
}

extension StringProtocol {
  /// Without blanks at either end.
  var trimmed: String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    let front = drop(while: isBlank)
    return String(front.reversed().drop(while: isBlank).reversed())
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

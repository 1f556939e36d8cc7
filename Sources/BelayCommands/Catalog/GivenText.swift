import Foundation

/// A text as it stands on a command line, or where the command line says that it stands.
enum GivenText {
  /// `@FILE` is the file's text without its last line end, `@env:NAME` a variable: what must not stand on a command
  /// line. A text that begins with @ is written @@. `what` names it in messages, such as `input 'password'`.
  static func read(
    _ text: String, of what: String, _ environment: [String: String]
  ) throws(CommandFailure) -> String {
    guard text.hasPrefix("@") else { return text }
    let rest = String(text.dropFirst())
    if rest.hasPrefix("@") { return rest }
    guard rest.hasPrefix("env:") else {
      var bytes = try Files.read(rest, what: "file for \(what)")
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      return String(decoding: bytes, as: UTF8.self)
    }
    let variable = String(rest.dropFirst(4))
    guard let value = environment[variable] else {
      throw CommandFailure(.wrong, "\(what): the environment variable \(variable) is not set")
    }
    return value
  }
}

import RunbookChecker
import Values

extension Builtins {
  static let encodingBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "base64", [.init("text", .type(.text))], .type(.text),
        "The text's UTF-8 bytes in base64, as UserData wants them.",
        example: "base64(\"#!/bin/sh\")", is: "IyEvYmluL3No")
    ) { (arguments) throws(BuiltinProblem) in try Value.text(base64(Array(arguments.text(0).utf8))).checkedSize() },
    Builtin(
      FunctionSignature(
        "to_json", [.init("x", .any)], .type(.text), "The value as JSON on one line.",
        example: "to_json({ a: [1, 2] })",
        is: "{\"a\":[1,2]}")
    ) { (arguments) throws(BuiltinProblem) in try Value.text(JSON.print(arguments[0])).checkedSize() },
    Builtin(
      FunctionSignature(
        "from_json", [.init("text", .type(.text))], .any, "What a JSON text says; a problem when it is none.",
        example: "from_json(\"[1, null]\")", is: [1, .null])
    ) { (arguments) throws(BuiltinProblem) in
      let text = try arguments.text(0)
      do throws(JSON.Problem) {
        return try JSON.parse(text)
      } catch {
        throw BuiltinProblem("this is not JSON: \(error)")
      }
    },
  ]

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func base64(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word = 0
      for place in 0..<3 { word = word << 8 | (place < group.count ? Int(group[start + place]) : 0) }
      for place in 0..<4 {
        let isFilled = place <= group.count
        result.append(isFilled ? alphabet[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// The name of one action of one service, such as `ecm.CreateVpc`. Spelt as the provider spells it.
package struct ActionID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// `ecm` or `cvm`
  package let service: String
  package let name: String

  package init(_ service: String, _ name: String) {
    self.service = service
    self.name = name
  }

  /// `service.Action`; without a dot the service is empty and the action is unknown to every catalog.
  package init(_ text: String) {
    let dot = text.utf8.firstIndex(of: UInt8(ascii: "."))
    service = dot.map { String(text[..<$0]) } ?? ""
    name = dot.map { String(text[text.utf8.index(after: $0)...]) } ?? text
  }

  package init(stringLiteral value: String) { self.init(value) }

  package var description: String { "\(service).\(name)" }
}

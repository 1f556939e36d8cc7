import CloudCatalog
import Values

/// An action's parameters as a query or a form carries them, `Name.0.Member=TEXT`, in the types that the catalog
/// states. What the catalog does not know, and what is not of its type, goes on as text: the cloud says what is wrong.
struct FormParameters {
  /// Deeper than anything that the books describe.
  static let maximumDepth = 16

  private enum Node {
    case leaf(String)
    case branch(Branch)
  }

  /// A class, so that inserting does not copy what is there.
  private final class Branch {
    private(set) var parts: [(name: String, node: Node)] = []
    private var index: [String: Int] = [:]

    subscript(name: String) -> Node? { index[name].map { parts[$0].node } }

    func append(_ name: String, _ node: Node) {
      index[name] = parts.count
      parts.append((name, node))
    }
  }

  let service: ServiceCatalog

  func record(_ fields: FormFields, of action: ActionFacts?) throws(WireRefusal) -> Record {
    let root = Branch()
    for field in fields.all {
      let path = field.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard path.count <= FormParameters.maximumDepth, !path.contains("") else {
        throw WireRefusal("InvalidParameter", "The parameter '\(field.name)' cannot be read.")
      }
      guard insert(field.value, at: path[...], into: root) else {
        throw WireRefusal("InvalidParameter", "The parameter '\(field.name)' is given twice, or as text and parts.")
      }
    }
    return record(root, action?.parameters ?? [])
  }

  /// False when something stands there already.
  private func insert(_ text: String, at path: ArraySlice<String>, into branch: Branch) -> Bool {
    guard let name = path.first else { return false }
    let rest = path.dropFirst()
    switch (branch[name], rest.isEmpty) {
    case (nil, true):
      branch.append(name, .leaf(text))
      return true
    case (nil, false):
      let inner = Branch()
      branch.append(name, .branch(inner))
      return insert(text, at: rest, into: inner)
    case (.branch(let inner), false): return insert(text, at: rest, into: inner)
    case (.branch, true), (.leaf, _): return false
    }
  }

  private func record(_ branch: Branch, _ members: [MemberFacts]) -> Record {
    Record(branch.parts.map { name, node in (name, value(node, members.first { $0.name == name }?.type ?? .string)) })
  }

  private func value(_ node: Node, _ type: FactType) -> Value {
    switch (node, type) {
    case (.leaf(let text), .integer): Int(text).map(Value.int) ?? .text(text)
    case (.leaf(let text), .float): Double(text).map(Value.float) ?? .text(text)
    case (.leaf(let text), .boolean): ["true": .bool(true), "false": .bool(false)][text.lowercased()] ?? .text(text)
    case (.leaf(let text), .string), (.leaf(let text), .timestamp), (.leaf(let text), .array),
      (.leaf(let text), .structure):
      .text(text)
    case (.branch(let branch), .array(let element)): list(branch, element) ?? .record(record(branch, []))
    case (.branch(let branch), .structure(let name)):
      .record(record(branch, service.structure(name)?.members ?? []))
    case (.branch(let branch), .integer), (.branch(let branch), .float), (.branch(let branch), .boolean),
      (.branch(let branch), .string), (.branch(let branch), .timestamp):
      list(branch, .string) ?? .record(record(branch, []))
    }
  }

  /// In the order of the indexes; nil when a name is not one. Gaps close.
  private func list(_ branch: Branch, _ element: FactType) -> Value? {
    let indexed = branch.parts.compactMap { name, node in UInt32(name).map { ($0, node) } }
    guard indexed.count == branch.parts.count else { return nil }
    return .list(indexed.sorted { $0.0 < $1.0 }.map { value($0.1, element) })
  }
}

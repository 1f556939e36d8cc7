import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// What a name stands for.
struct Binding {
  enum Origin: Equatable {
    case input
    /// By `let x = service.Action(…)`: only these can be awaited.
    case call(NodeID, ActionID)
    case value
    /// A round of a loop or of a comprehension.
    case loop
  }
  let name: Name
  var type: ValueType
  let origin: Origin
  /// The literal that a `let` gave it, so that it may be used as that literal may.
  var literal: Expression?
  /// Whose the resources behind it are.
  var owner: Owner?
  /// Whether nobody is told when it is not used.
  var mayBeUnused = false
  var isUsed = false
}

/// The names visible at one place of the text. No name hides another, so one table holds them all.
struct Scope {
  private var bindings: [String: Binding] = [:]
  private var frames: [[String]] = [[]]

  var names: [String] { bindings.keys.sorted() }

  subscript(name: String) -> Binding? { bindings[name] }

  mutating func enter() { frames.append([]) }

  /// The names that go out of sight, in the order in which they were declared.
  mutating func leave() -> [Binding] {
    (frames.popLast() ?? []).compactMap { bindings.removeValue(forKey: $0) }
  }

  /// The name must not be visible yet.
  mutating func declare(_ binding: Binding) {
    bindings[binding.name.text] = binding
    if frames.isEmpty { frames.append([]) }
    frames[frames.count - 1].append(binding.name.text)
  }

  mutating func use(_ name: String) { bindings[name]?.isUsed = true }
}

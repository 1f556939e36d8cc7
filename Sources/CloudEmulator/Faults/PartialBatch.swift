import CloudCatalog
import Values

/// A batch call of which a part fails: the elements of the first listeners are taken out before the call is carried
/// out, and the listeners are put into the answer after it.
struct PartialBatch {
  static let output = "FailListenerIdSet"

  /// The parameter whose elements name listeners.
  let parameter: String
  let failed: [String]
  private let rest: [Value]

  /// Nil when the call names no listeners one by one.
  init?(_ count: Int, _ parameters: Record, _ facts: ActionFacts) {
    guard facts.output(PartialBatch.output) != nil else { return nil }
    let lists = parameters.compactMap { name, value in value.asList.map { (name, $0) } }
    guard let (name, elements) = lists.first(where: { $0.1.contains { PartialBatch.listener($0) != nil } }) else {
      return nil
    }
    var failing: [String] = []
    for listener in elements.compactMap(PartialBatch.listener) where !failing.contains(listener) {
      if failing.count < count { failing.append(listener) }
    }
    parameter = name
    failed = failing
    rest = elements.filter { element in !failing.contains { $0 == PartialBatch.listener(element) } }
  }

  /// Whether nothing is left to do.
  var isAll: Bool { rest.isEmpty }

  func remaining(of parameters: Record) -> Record {
    var remaining = parameters
    remaining[parameter] = .list(rest)
    return remaining
  }

  func answer(_ answer: Record) -> Record {
    var answer = answer
    answer[PartialBatch.output] = .list(failed.map(Value.text) + (answer[PartialBatch.output]?.asList ?? []))
    return answer
  }

  private static func listener(_ element: Value) -> String? { element.asRecord?["ListenerId"]?.asText }
}

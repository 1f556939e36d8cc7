import CloudCatalog
import Values

// How faults are written: TARGET:WHEN:KIND, or a condition of the whole cloud.

extension Fault: CustomStringConvertible {
  /// Every form, with what it does, for the pages that list them. ACTION is `ecm.CreateVpc`, `ecm.*` or `*`.
  package static let forms: [(form: String, meaning: String)] = [
    ("ACTION:N:KIND", "at the N-th call from now, from 1; 0 is every call"),
    ("ACTION:every=N:KIND", "at the N-th call, the 2N-th, and so on"),
    ("ACTION:p=P:KIND", "at each call with probability P, drawn from the seed"),
    ("sold-out ZONE[/ISP]", "no instance can be had there, as the action's page prints it"),
    ("storm RATE DURATION", "every limit is at most RATE calls a second, from now on"),
    ("skew DURATION", "the clock that checks signatures is ahead; with a minus, behind"),
  ]

  /// `SERVICE.ACTION:NTH:KIND`, such as `ecm.CreateListener:1:refused=ResourceInsufficient`; see ``forms``.
  package init(parsing text: String) throws(FaultProblem) {
    if let condition = try Fault.condition(text) {
      self = condition
      return
    }
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else {
      throw FaultProblem(
        text, "it must be ACTION:NTH:KIND, as in ecm.CreateListener:1:throttled, or sold-out, storm or skew")
    }
    let target = try Target(parts[0], in: text)
    let moment = try Moment(parts[1], in: text)
    guard let kind = Kind(parts[2]) else {
      throw FaultProblem(
        text, "there is no kind '\(parts[2])'; the kinds are \(Kind.spellings.joined(separator: ", "))")
    }
    if case .partial = kind { try Fault.checkBatch(target, in: text) }
    self = .onCall(target, moment, kind)
  }

  package var description: String {
    switch self {
    case .onCall(let target, let moment, let kind): "\(target.spelling):\(moment.spelling):\(kind.spelling)"
    case .soldOut(let zone, let carrier): "sold-out \(zone)\(carrier.map { "/\($0)" } ?? "")"
    case .storm(let rate, let lasting): "storm \(rate) \(lasting.belayText)"
    case .skew(let skew): "skew \(skew.belayText)"
    }
  }

  /// Nil when the text begins with no condition's word.
  private static func condition(_ text: String) throws(FaultProblem) -> Fault? {
    let words = text.split(separator: " ").map(String.init)
    switch words.first {
    case "sold-out":
      let place =
        words.dropFirst().first?.split(separator: "/", omittingEmptySubsequences: false).map(String.init) ?? []
      guard words.count == 2, (1...2).contains(place.count), place.allSatisfy({ !$0.isEmpty }) else {
        throw FaultProblem(text, "it must be sold-out ZONE or sold-out ZONE/ISP")
      }
      return .soldOut(zone: place[0], carrier: place.count == 2 ? place[1] : nil)
    case "storm":
      guard words.count == 3, let rate = Int(words[1]), rate >= 0, let lasting = Duration(faultText: words[2]),
        lasting > .zero
      else { throw FaultProblem(text, "it must be storm RATE DURATION, as in storm 2 30s") }
      return .storm(rate: rate, lasting: lasting)
    case "skew":
      guard words.count == 2, let skew = Duration(faultText: words[1]) else {
        throw FaultProblem(text, "it must be skew DURATION, as in skew -10min")
      }
      return .skew(skew)
    default: return nil
    }
  }

  private static func checkBatch(_ target: Target, in text: String) throws(FaultProblem) {
    guard case .action(let id) = target, let facts = Catalog.action(id) else { return }
    guard facts.output(PartialBatch.output) != nil else {
      throw FaultProblem(text, "\(id) has no \(PartialBatch.output), so it cannot succeed in part")
    }
  }
}

extension Fault.Target {
  init(_ text: String, in whole: String) throws(FaultProblem) {
    let service = text.hasSuffix(".*") ? String(text.dropLast(2)) : nil
    if text == "*" {
      self = .everything
    } else if let service {
      guard Catalog.service(service) != nil else { throw FaultProblem(whole, "there is no service '\(service)'") }
      self = .service(service)
    } else {
      guard Catalog.action(ActionID(text)) != nil else { throw FaultProblem(whole, "there is no action '\(text)'") }
      self = .action(ActionID(text))
    }
  }

  var spelling: String {
    switch self {
    case .action(let id): id.description
    case .service(let service): "\(service).*"
    case .everything: "*"
    }
  }
}

extension Fault.Moment {
  init(_ text: String, in whole: String) throws(FaultProblem) {
    if text.hasPrefix("every=") {
      guard let count = Int(text.dropFirst("every=".count)), count >= 1 else {
        throw FaultProblem(whole, "'\(text)' must be every=1, every=2, …")
      }
      self = .every(count)
    } else if text.hasPrefix("p=") {
      guard let chance = Double(text.dropFirst("p=".count)), (0...1).contains(chance) else {
        throw FaultProblem(whole, "'\(text)' must be p=0 to p=1")
      }
      self = .chance(chance)
    } else {
      guard let nth = Int(text), nth >= 0 else {
        throw FaultProblem(
          whole, "'\(text)' is not a number of a call: 1, 2, … or 0 for every call; every=N and p=P do as well")
      }
      self = nth == 0 ? .every(1) : .call(nth)
    }
  }

  var spelling: String {
    switch self {
    case .call(let nth): String(nth)
    case .every(1): "0"
    case .every(let count): "every=\(count)"
    case .chance(let chance): "p=\(chance)"
    }
  }
}

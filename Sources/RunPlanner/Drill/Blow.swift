import CloudEmulator
import Values

/// One thing that goes wrong at one place of a run. Written `c12:lost-after-effect`, `c7:sold-out`, `r34:crash`,
/// `a1:denied`.
package struct Blow: Sendable, Hashable, CustomStringConvertible {
  package enum Place: Sendable, Hashable {
    /// The nth call that leaves, from 1; looks at work under way count, too, and those of earlier processes.
    case call(Int)
    /// The journal's nth record, from 1; `created` is the first.
    case record(Int)
    /// The nth approval that is asked for, from 1.
    case approval(Int)
  }
  package enum Kind: Sendable, Hashable {
    case fault(Fault.Kind)
    /// The places that the call asks for have nothing left, from this call on.
    case soldOut
    /// The process ends and another takes the run up. At a record: before the calls that follow it leave. At a call:
    /// when it has left, and all that leave with it.
    case crash
    /// Somebody asks the run to stop when the call has left and before its answer is there.
    case cancel
    /// The time of the `timeout` around the call is up when it has left and before its answer is there.
    case timeout
    /// Somebody says no.
    case denied
    /// Nobody answers within its time.
    case expired
  }

  package let place: Place
  package let kind: Kind

  package init(_ place: Place, _ kind: Kind) {
    self.place = place
    self.kind = kind
  }

  package var description: String {
    let place =
      switch place {
      case .call(let number): "c\(number)"
      case .record(let number): "r\(number)"
      case .approval(let number): "a\(number)"
      }
    return "\(place):\(kind.description)"
  }

  /// Nil when the text is none.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let letter = parts[0].first, let number = Int(parts[0].dropFirst()), number > 0 else {
      return nil
    }
    switch (letter, parts[1]) {
    case ("r", "crash"): self.init(.record(number), .crash)
    case ("c", "crash"): self.init(.call(number), .crash)
    case ("c", "cancel"): self.init(.call(number), .cancel)
    case ("c", "timeout"): self.init(.call(number), .timeout)
    case ("a", "denied"): self.init(.approval(number), .denied)
    case ("a", "expired"): self.init(.approval(number), .expired)
    case ("c", "sold-out"): self.init(.call(number), .soldOut)
    case ("c", let kind):
      guard let kind = Fault.Kind(String(kind)) else { return nil }
      self.init(.call(number), .fault(kind))
    default: return nil
    }
  }
}

extension Blow.Kind: CustomStringConvertible {
  package var description: String {
    switch self {
    case .fault(let kind): kind.spelling
    case .soldOut: "sold-out"
    case .crash: "crash"
    case .cancel: "cancel"
    case .timeout: "timeout"
    case .denied: "denied"
    case .expired: "expired"
    }
  }

  /// What it is counted under: the kind without its code.
  package var family: String {
    switch self {
    case .fault(.refused): "refused"
    case .fault(.partial): "partial"
    case .fault(let kind): kind.spelling
    case .soldOut: "sold-out"
    case .crash: "crash"
    case .cancel: "cancel"
    case .timeout: "timeout"
    case .denied: "denied"
    case .expired: "expired"
    }
  }
}

/// What goes wrong in one run of a drill: nothing, or one blow after another. Its text, `c12:throttled+c30:crash`, is
/// its name.
package struct DrillScenario: Sendable, Hashable, CustomStringConvertible {
  package var blows: [Blow]

  package init(_ blows: [Blow]) { self.blows = blows }

  package init?(_ text: String) {
    var blows: [Blow] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      guard let blow = Blow(part) else { return nil }
      blows.append(blow)
    }
    self.blows = blows
  }

  package var description: String { blows.map(\.description).joined(separator: "+") }
}

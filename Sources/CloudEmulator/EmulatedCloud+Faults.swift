import Values

extension EmulatedCloud {
  /// Arms a fault from the cloud's latest instant on.
  package mutating func inject(_ fault: Fault) { faults.arm(fault, from: latest) }

  /// Arms a scenario's faults, each so long after the cloud's latest instant as it says.
  @discardableResult
  package mutating func inject(_ scenario: Scenario) -> [ArmedFault] {
    if let seed = scenario.seed { faults.reseed(seed) }
    return scenario.entries.map { faults.arm($0.fault, from: latest + $0.after) }
  }

  /// What is armed, in the order of arming; a fault of one call goes with that call.
  package var armedFaults: [ArmedFault] { faults.all.filter { fault in fault.until.map { latest < $0 } ?? true } }

  /// Whether there was one of that number.
  package mutating func clearFault(_ number: Int) -> Bool { faults.clear(number) }

  package mutating func clearFaults() { faults.clearAll() }

  /// By how much the clock that checks signatures is ahead. The worlds' own time is never skewed.
  package var clockSkew: Duration { faults.skew(now: latest) }

  /// The latest instant that it has seen.
  package var instant: Instant { latest }
}

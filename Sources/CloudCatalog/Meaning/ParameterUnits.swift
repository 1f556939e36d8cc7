import Values

/// What the books count in where a parameter, or a member of a structure, is a plain number: a runbook may give the
/// value with its unit.
package enum ParameterUnit: String, Sendable, CaseIterable {
  /// The books write GB and mean 1024 MB.
  case gigabytes = "GB"
  case megabits = "Mbps"
  case seconds = "seconds"

  /// Nil when the value has no unit, or is no number.
  package static func of(_ member: MemberFacts) -> ParameterUnit? { member.type == .integer ? of(member.name) : nil }

  /// By the name, which means the same wherever a call takes it.
  package static func of(_ name: String) -> ParameterUnit? {
    switch name {
    case "DiskSize", "DataDiskSize", "SystemDiskSize", "DefaultDataDiskSize", "DefaultSystemDiskSize": .gigabytes
    case "DefaultBandWidth", "DefaultBandWidthIn", "DefaultBandwidth", "DefaultBandwidthIn", "InternetMaxBandwidthIn",
      "InternetMaxBandwidthOut", "MaxBandwidthIn", "MaxBandwidthOut":
      .megabits
    case "IntervalTime", "SessionExpireTime", "TimeOut": .seconds
    default: nil
    }
  }

  package func takes(_ type: ValueType) -> Bool {
    switch self {
    case .gigabytes: type == .quantity(.size)
    case .megabits: type == .quantity(.bandwidth)
    case .seconds: type == .duration
    }
  }

  /// The number that the cloud is sent; nil when the value is of another kind, or no whole number of the unit.
  package func number(of value: Value) -> Int? {
    switch (self, value) {
    case (.gigabytes, .quantity(let size)) where size.kind == .size: size.amount.dividedEvenly(by: 1 << 30)
    case (.megabits, .quantity(let rate)) where rate.kind == .bandwidth: rate.amount.dividedEvenly(by: 1_000_000)
    case (.seconds, .duration(let time)): Int(time.milliseconds).dividedEvenly(by: 1000)
    default: nil
    }
  }

  /// For messages.
  package var example: String {
    switch self {
    case .gigabytes: "50GiB"
    case .megabits: "100Mbps"
    case .seconds: "5s"
    }
  }
}

extension Int {
  fileprivate func dividedEvenly(by unit: Int) -> Int? { self % unit == 0 ? self / unit : nil }
}

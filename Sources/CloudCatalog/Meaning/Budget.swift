import Values

/// A quantity that a call uses up and that no undo gives back.
package struct Budget: Sendable {
  package enum Period: String, Sendable { case day, ever }
  /// Such as `EIP allocations`
  package let name: String
  package let period: Period
  /// How many units a call takes.
  package let units: Probe.Count
  /// Where the limit comes from, such as "twice the EIP quota of the region".
  package let limit: String
  /// How many units there are unless the cloud says otherwise; nil where the books give no number.
  package let documented: Int?
  /// A call takes units only when it gives this parameter as true; nil: every call does.
  package let onlyWith: String?
  /// The row of `ecm.DescribeAddressQuota` that says how many there are and how many are used up.
  package let quota: String?
  package init(
    _ name: String, per period: Period, units: Probe.Count, limit: String, documented: Int? = nil,
    onlyWith: String? = nil, quota: String? = nil
  ) {
    self.name = name
    self.period = period
    self.units = units
    self.limit = limit
    self.documented = documented
    self.onlyWith = onlyWith
    self.quota = quota
  }

  /// How many units a call with these arguments takes.
  package func units(of arguments: Record) -> Int {
    if let onlyWith, arguments[onlyWith]?.asBool != true { return 0 }
    return units.value(in: arguments)
  }
}

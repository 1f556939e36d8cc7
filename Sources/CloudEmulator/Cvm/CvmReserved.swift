import Values

/// Instances of a type, paid for in advance.
struct Reservation: Row {
  enum State: String, Codable, Sendable {
    case pending, active, retired
  }

  let id: String
  let name: String
  let offering: String
  let count: Int
  let startsAt: Instant
  var state: State

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine("CvmReservedInstance", id, name, region, state.rawValue, offering, "\(count) instances")
  }
}

/// What can be reserved, the same at all times: three types in every open zone, for one or three years.
struct Offering: Sendable {
  let id: String
  let zone: String
  let model: CvmHardware.Model
  let years: Int
  let kind: String
  /// Hundred-thousandths of a dollar, of the type by itself.
  let hour: Int

  static let kinds = ["All Upfront", "Partial Upfront", "No Upfront"]

  var duration: Int { years * 31_536_000 }

  /// Hundred-thousandths of a dollar: a year costs half of what its hours cost, three years a third.
  private var whole: Int { hour * 8760 * years / (years == 1 ? 2 : 3) }

  var fixedPrice: Double {
    CvmPrice.dollars(kind == Offering.kinds[0] ? whole : kind == Offering.kinds[1] ? whole / 2 : 0)
  }

  /// An hour.
  var usagePrice: Double {
    let hours = 8760 * years
    return CvmPrice.dollars(
      kind == Offering.kinds[0] ? 0 : kind == Offering.kinds[1] ? whole / 2 / hours : whole / hours)
  }

  static func all(_ region: String, _ seeds: CvmSeeds) -> [Offering] {
    let zones = (seeds.geography.region(region)?.zones ?? []).filter(\.isAvailable)
    var offerings: [Offering] = []
    for zone in zones {
      for model in seeds.hardware.reservable {
        for years in [1, 3] {
          for kind in kinds {
            var generator = SplitMix64(seed: SplitMix64.mix(0, "\(zone.name) \(model.name) \(years) \(kind)"))
            offerings.append(
              Offering(
                id: generator.uuid(), zone: zone.name, model: model, years: years, kind: kind,
                hour: seeds.prices.hour(model)))
          }
        }
      }
    }
    return offerings
  }
}

extension World {
  private func offering(_ call: CvmCall) throws(Refusal) -> Offering {
    let id = try call.required("ReservedInstancesOfferingId")
    guard let offering = Offering.all(call.region, seeds.cvm).first(where: { $0.id == id }) else {
      throw call.refusal(
        "InvalidParameterValue", "InvalidParameterValue.Range", because: "There is no offering '\(id)'.")
    }
    guard (1...100).contains(call.int("InstanceCount") ?? 0) else {
      throw call.refusal(
        "InvalidParameterValue.Range", "InvalidParameterValue", because: "InstanceCount must be 1 to 100.")
    }
    return offering
  }

  mutating func purchaseReservedInstancesOffering(_ call: CvmCall) throws(Refusal) -> Record {
    if let answer = try repeated(call) { return answer }
    let offering = try offering(call)
    let count = call.int("InstanceCount") ?? 1
    let owned = cvm[call.region].reservations.all.filter { $0.state != .retired }.reduce(0) { $0 + $1.count }
    guard owned + count <= 100 else {
      throw call.refusal(
        "UnsupportedOperation.ReservedInstanceOutofQuata", because: "At most 100 instances can be reserved.")
    }
    try call.endDryRun()
    let reservation = Reservation(
      id: newID("ri"), name: call.text("ReservedInstanceName") ?? "Unnamed", offering: offering.id, count: count,
      startsAt: now, state: .pending)
    cvm[call.region].reservations.insert(reservation)
    let next: Reservation.State = call.failsLater ? .retired : .active
    plan(
      .reservationChanges(region: call.region, id: reservation.id, to: next), after: CvmLatency.reservation,
      on: reservation.id)
    if !call.failsLater {
      timeline.plan(
        .cvm(.reservationChanges(region: call.region, id: reservation.id, to: .retired)),
        at: now + .seconds(offering.duration))
    }
    return remember(["ReservedInstanceId": .text(reservation.id)], of: call)
  }

  func inquirePricePurchaseReservedInstancesOffering(_ call: CvmCall) throws(Refusal) -> Record {
    let offering = try offering(call)
    try call.endDryRun()
    let count = Double(call.int("InstanceCount") ?? 1)
    return [
      "Price": [
        "OriginalFixedPrice": .float(offering.fixedPrice * count),
        "DiscountFixedPrice": .float(offering.fixedPrice * count),
        "OriginalUsagePrice": .float(offering.usagePrice * count),
        "DiscountUsagePrice": .float(offering.usagePrice * count), "FixedPriceDiscount": 100.0,
        "UsagePriceDiscount": 100.0,
      ]
    ]
  }

  func describeReservedInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let offerings = Dictionary(uniqueKeysWithValues: Offering.all(call.region, seeds.cvm).map { ($0.id, $0) })
    typealias Held = (reservation: Reservation, offering: Offering)
    let passes = try call.filter(
      [
        .exact("zone") { $0.offering.zone }, .exact("duration") { String($0.offering.duration) },
        .exact("instance-type") { $0.offering.model.name }, .exact("instance-family") { $0.offering.model.family },
        .exact("offering-type") { $0.offering.kind }, .exact("product-description") { _ in "linux" },
        .exact("reserved-instances-id") { $0.reservation.id }, .exact("state") { $0.reservation.state.rawValue },
      ] as [FilterField<Held>])
    try call.endDryRun()
    let all: [Held] = cvm[call.region].reservations.all.reversed().compactMap { row in
      offerings[row.offering].map { (row, $0) }
    }
    let page = try call.page(passes.map { all.filter($0) } ?? all)
    return [
      "TotalCount": .int(page.total),
      "ReservedInstancesSet": .records(page.rows.map { answer($0.reservation, $0.offering) }),
    ]
  }

  private func answer(_ reservation: Reservation, _ offering: Offering) -> Record {
    let end = reservation.startsAt + .seconds(offering.duration)
    return [
      "InstanceType": .text(offering.model.name), "Zone": .text(offering.zone),
      "StartTime": .text(reservation.startsAt.plainText), "EndTime": .text(end.plainText),
      "Duration": .int(offering.duration), "InstanceCount": .int(reservation.count), "ProductDescription": "linux",
      "State": .text(reservation.state.rawValue), "CurrencyCode": "USD", "OfferingType": .text(offering.kind),
      "InstanceFamily": .text(offering.model.family), "ReservedInstanceId": .text(reservation.id),
      "ReservedInstanceName": .text(reservation.name),
    ]
  }

  func describeReservedInstancesOfferings(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("zone") { $0.zone }, .exact("duration") { String($0.duration) },
        .exact("instance-type") { $0.model.name }, .exact("offering-type") { $0.kind },
        .exact("product-description") { _ in "linux" }, .exact("reserved-instances-offering-id") { $0.id },
      ] as [FilterField<Offering>])
    try call.endDryRun()
    let range = (call.int("MinDuration") ?? 2_592_000, call.int("MaxDuration") ?? 94_608_000)
    let all = Offering.all(call.region, seeds.cvm).filter { $0.duration >= range.0 && $0.duration <= range.1 }
    let page = try call.page(passes.map { all.filter($0) } ?? all)
    return [
      "TotalCount": .int(page.total),
      "ReservedInstancesOfferingsSet": .records(
        page.rows.map {
          [
            "Zone": .text($0.zone), "CurrencyCode": "USD", "Duration": .int($0.duration),
            "FixedPrice": .float($0.fixedPrice), "InstanceType": .text($0.model.name),
            "OfferingType": .text($0.kind), "ReservedInstancesOfferingId": .text($0.id),
            "ProductDescription": "linux", "UsagePrice": .float($0.usagePrice),
          ]
        }),
    ]
  }

  /// The offerings by family and type.
  func describeReservedInstancesConfigInfos(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("zone") { $0.zone }, .exact("product-description") { _ in "linux" },
        .exact("duration") { String($0.duration) },
      ] as [FilterField<Offering>])
    let all = Offering.all(call.region, seeds.cvm)
    let chosen = passes.map { all.filter($0) } ?? all
    let families = Set(chosen.map(\.model.family)).sorted()
    return [
      "ReservedInstanceConfigInfos": .records(
        families.enumerated().map { index, family in
          [
            "Type": .text(String(family.prefix(1))), "TypeName": .text(family.hasPrefix("C") ? "Compute" : "Standard"),
            "Order": .int(100 * (index + 1)),
            "InstanceFamilies": [
              [
                "InstanceFamily": .text(family), "Order": .int(100 * (index + 1) + 1),
                "InstanceTypes": .records(types(of: family, chosen)),
              ]
            ],
          ]
        })
    ]
  }

  private func types(of family: String, _ offerings: [Offering]) -> [Record] {
    let about = seeds.cvm.hardware.family(family)
    return seeds.cvm.hardware.reservable.filter { $0.family == family }.map { model in
      let prices = offerings.filter { $0.model == model }.map { offering -> Record in
        [
          "OfferingType": .text(offering.kind), "FixedPrice": .float(offering.fixedPrice),
          "UsagePrice": .float(offering.usagePrice), "ReservedInstancesOfferingId": .text(offering.id),
          "Zone": .text(offering.zone), "Duration": .int(offering.duration), "ProductDescription": "linux",
          "DiscountUsagePrice": .float(offering.usagePrice), "DiscountFixedPrice": .float(offering.fixedPrice),
        ]
      }
      return [
        "InstanceType": .text(model.name), "Cpu": .int(model.processors), "Memory": .int(model.memory),
        "Gpu": .int(model.graphics), "Fpga": 0, "StorageBlock": 0, "NetworkCard": 0, "MaxBandwidth": 2.5,
        "Frequency": .text(about?.frequency ?? ""), "CpuModelName": .text(about?.processorName ?? ""), "Pps": 60,
        "Externals": .empty, "Remark": "", "Prices": .records(prices),
      ]
    }
  }
}

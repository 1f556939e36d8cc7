import Values

/// What can be bought, and what it would cost.
extension World {
  static let internetChargeTypes: [(name: String, about: String)] = [
    ("BANDWIDTH_PREPAID", "Bill by monthly bandwidth subscription"), ("TRAFFIC_POSTPAID_BY_HOUR", "Bill by traffic"),
    ("BANDWIDTH_POSTPAID_BY_HOUR", "Bill by bandwidth usage period"),
    ("BANDWIDTH_PACKAGE", "Bill by bandwidth package"),
  ]

  func describeInternetChargeTypeConfigs(_ call: CvmCall) throws(Refusal) -> Record {
    [
      "InternetChargeTypeConfigSet": .records(
        World.internetChargeTypes.map { ["InternetChargeType": .text($0.name), "Description": .text($0.about)] })
    ]
  }

  func describeInstanceFamilyConfigs(_ call: CvmCall) throws(Refusal) -> Record {
    [
      "InstanceFamilyConfigSet": .records(
        seeds.cvm.hardware.families.map {
          ["InstanceFamilyName": .text($0.displayName), "InstanceFamily": .text($0.name)]
        })
    ]
  }

  /// One instance type in one zone, billed in one way.
  private struct Offer: Sendable {
    let zone: CvmGeography.Zone
    let model: CvmHardware.Model
    let chargeType: String
  }

  private func offers(_ call: CvmCall, _ chargeTypes: [String]) -> [Offer] {
    (seeds.cvm.geography.region(call.region)?.zones ?? []).flatMap { zone in
      seeds.cvm.hardware.models.flatMap { model in
        chargeTypes.map { Offer(zone: zone, model: model, chargeType: $0) }
      }
    }
  }

  /// The structure has no table in the books; its members are those of the example.
  func describeInstanceTypeConfigs(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("zone") { $0.zone.name }, .exact("instance-family") { $0.model.family },
        .exact("instance-type") { $0.model.name },
      ] as [FilterField<Offer>], maximumValues: 1)
    try checkZones(call)
    let all = offers(call, ["POSTPAID_BY_HOUR"])
    return [
      "InstanceTypeConfigSet": .records(
        (passes.map { all.filter($0) } ?? all).map {
          [
            "Zone": .text($0.zone.name), "InstanceFamily": .text($0.model.family),
            "InstanceType": .text($0.model.name), "CPU": .int($0.model.processors), "GPU": .int($0.model.graphics),
            "FPGA": 0, "Memory": .int($0.model.memory),
          ]
        })
    ]
  }

  func describeZoneInstanceConfigInfos(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("zone") { $0.zone.name }, .exact("instance-family") { $0.model.family },
        .exact("instance-type") { $0.model.name }, .exact("instance-charge-type") { $0.chargeType },
      ] as [FilterField<Offer>])
    try checkZones(call)
    let all = offers(call, ["PREPAID", "POSTPAID_BY_HOUR", "SPOTPAID"])
    return ["InstanceTypeQuotaSet": .records((passes.map { all.filter($0) } ?? all).map(answer))]
  }

  private func checkZones(_ call: CvmCall) throws(Refusal) {
    for zone in call.filteredValues("zone") ?? [] { _ = try call.zone(zone) }
  }

  /// The structure `InstanceTypeQuotaItem`.
  private func answer(_ offer: Offer) -> Record {
    let family = seeds.cvm.hardware.family(offer.model.family)
    let isSold = seeds.cvm.isSold(offer.model, in: offer.zone)
    return [
      "Zone": .text(offer.zone.name), "InstanceType": .text(offer.model.name),
      "InstanceChargeType": .text(offer.chargeType), "NetworkCard": 0, "Externals": .empty,
      "Cpu": .int(offer.model.processors), "Memory": .int(offer.model.memory),
      "InstanceFamily": .text(offer.model.family), "TypeName": .text(family?.displayName ?? ""),
      "LocalDiskTypeList": [], "Status": isSold ? "SELL" : "SOLD_OUT",
      "Price": CvmPrice.item(hour: seeds.cvm.prices.hour(offer.model), chargeType: offer.chargeType),
      "SoldOutReason": isSold ? "" : "none in stock", "InstanceBandwidth": 1.5, "InstancePps": 20,
      "StorageBlockAmount": 0, "CpuType": .text(family?.processorName ?? ""), "Gpu": .int(offer.model.graphics),
      "Fpga": 0, "Remark": "", "GpuCount": .float(Double(offer.model.graphics)),
      "Frequency": .text(family?.frequency ?? ""), "StatusCategory": isSold ? "EnoughStock" : "WithoutStock",
    ]
  }

  private func price(_ instance: Value, _ bandwidth: Value) -> Record {
    ["Price": ["InstancePrice": instance, "BandwidthPrice": bandwidth]]
  }

  func inquiryPriceRunInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let launch = try launch(try withTemplate(call))
    let disks = ([launch.systemDisk] + launch.dataDisks).reduce(0) { $0 + seeds.cvm.prices.hour($1) }
    let hour = (seeds.cvm.prices.hour(launch.model) + disks) * launch.count
    return price(
      CvmPrice.item(hour: hour, chargeType: launch.chargeType, months: launch.months),
      CvmPrice.bandwidth(launch.internet, seeds.cvm.prices, count: launch.count, months: launch.months))
  }

  /// What an hour of an instance costs.
  private func hour(_ instance: CvmInstance, type: String? = nil, disks: [CvmDisk]? = nil) -> Int {
    let model = seeds.cvm.hardware.model(type ?? instance.type).map { seeds.cvm.prices.hour($0) } ?? 0
    return (disks ?? [instance.systemDisk] + instance.dataDisks).reduce(model) { $0 + seeds.cvm.prices.hour($1) }
  }

  func inquiryPriceResetInstance(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    try refuseState(of: instance, call)
    let change = try reinstalled(instance, call)
    let disks = [change.systemDisk ?? instance.systemDisk] + instance.dataDisks
    return price(
      CvmPrice.item(hour: hour(instance, disks: disks), chargeType: instance.chargeType), CvmPrice.nothing)
  }

  func inquiryPriceResetInstancesType(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call, limit: 1)
    let model = try newModel(chosen, call)
    guard let instance = chosen.first else { return [:] }
    try refuseState(of: instance, call)
    return price(
      CvmPrice.item(hour: hour(instance, type: model.name), chargeType: instance.chargeType), CvmPrice.nothing)
  }

  func inquiryPriceResizeInstanceDisks(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    let change = try resized(instance, call)
    try refuseState(of: instance, call)
    let disks = [change.systemDisk ?? instance.systemDisk] + (change.dataDisks ?? instance.dataDisks)
    return price(
      CvmPrice.item(hour: hour(instance, disks: disks), chargeType: instance.chargeType), CvmPrice.nothing)
  }

  func inquiryPriceResetInstancesInternetMaxBandwidth(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    guard let instance = chosen.first else { return [:] }
    for chosen in chosen { try refuseState(of: chosen, call) }
    let internet = try call.internet(old: instance.internet)
    return price(CvmPrice.nothing, CvmPrice.bandwidth(internet, seeds.cvm.prices, count: chosen.count))
  }
}

import Values

/// What things cost, in cents a month and before the discount. The numbers are those that the book's one example leads
/// to; a premium cloud disk costs twice as much as a local one.
enum PriceTable {
  static let processor = 1600
  static let eightGBOfMemory = 4053
  static let hundredGBOfDisk = 116
  static let premiumFactor = 2
  /// In percent of the original price.
  static let discount = 65
  /// Whoever pays by the day's peak (0) or by the month's (1) pays this price; who pays by the hour (2), a part of it.
  static let hoursPerMonth = 720
}

/// An amount with its discount: the structure `PriceDetail`.
private struct Price {
  let original: Int

  var discounted: Int { (original * PriceTable.discount + 50) / 100 }
  var answer: Value {
    [
      "Discount": .int(PriceTable.discount), "DiscountPrice": .int(discounted), "OriginalPrice": .int(original),
    ]
  }
}

extension World {
  func describePriceRunInstance(_ call: Call) throws(Refusal) -> Record {
    let type = try call.required("InstanceType")
    guard let model = Hardware.model(type) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidInstanceTypeConfigID", because: "There is no instance type '\(type)'.")
    }
    let count = call.int("InstanceCount") ?? 0
    guard (1...Limits.instancesPerCall).contains(count) else {
      throw call.refusal("InvalidParameterValue", because: "InstanceCount must be 1 to \(Limits.instancesPerCall).")
    }
    let system = call.record("SystemDisk") ?? Record()
    let size = system["DiskSize"]?.asInt ?? Limits.standardSystemDisk
    guard Limits.systemDisk.contains(size) else {
      throw call.refusal("InvalidParameterValue.InvalidSystemDiskSize", because: "A system disk has 1 to 100 GB.")
    }
    var disks = [(system["DiskType"]?.asText ?? "LOCAL_BASIC", size)]
    disks += call.list("DataDisk").compactMap(\.asRecord).map {
      ($0["DiskType"]?.asText ?? "LOCAL_BASIC", $0["DiskSize"]?.asInt ?? 0)
    }
    guard disks.dropFirst().allSatisfy({ Limits.dataDisk.contains($0.1) }) else {
      throw call.refusal("InvalidParameterValue", because: "A data disk has at most 1024 GB.")
    }
    let gigabytes = disks.reduce(0) { $0 + $1.1 * ($1.0 == "CLOUD_PREMIUM" ? PriceTable.premiumFactor : 1) }
    func price(_ month: Int) -> Price {
      Price(original: call.int("InstanceChargeType") == 2 ? month / PriceTable.hoursPerMonth : month)
    }
    let parts = [
      price(model.processors * count * PriceTable.processor),
      price(model.memory * count * PriceTable.eightGBOfMemory / 8),
      price(gigabytes * count * PriceTable.hundredGBOfDisk / 100),
    ]
    let total = Price(original: parts.reduce(0) { $0 + $1.original })
    return [
      "InstancePrice": [
        "InstancePricesPartDetail": [
          "CpuPrice": parts[0].answer, "MemPrice": parts[1].answer, "DisksPrice": parts[2].answer,
        ],
        "Discount": .int(PriceTable.discount), "DiscountPrice": .int(total.discounted),
        "OriginalPrice": .int(total.original),
      ]
    ]
  }
}

import Values

/// What things cost, in cents a month and before the discount. The standard numbers are those that the book's one
/// example leads to; a premium cloud disk costs twice as much as a local one.
struct PriceTable: Sendable {
  var processor = 1600
  var eightGBOfMemory = 4053
  var hundredGBOfDisk = 116
  var premiumFactor = 2
  /// In percent of the original price.
  var discount = 65

  /// Whoever pays by the day's peak (0) or by the month's (1) pays a month's price; who pays by the hour (2), a part.
  static let hoursPerMonth = 720
}

/// An amount with its discount: the structure `PriceDetail`.
private struct Price {
  let original: Int
  /// In percent of the original.
  let discount: Int

  var discounted: Int { (original * discount + 50) / 100 }
  var answer: Value {
    [
      "Discount": .int(discount), "DiscountPrice": .int(discounted), "OriginalPrice": .int(original),
    ]
  }
}

extension World {
  func describePriceRunInstance(_ call: Call) throws(Refusal) -> Record {
    let type = try call.required("InstanceType")
    guard let model = seeds.hardware.model(type) else {
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
    let prices = seeds.prices
    let gigabytes = disks.reduce(0) { $0 + $1.1 * ($1.0 == "CLOUD_PREMIUM" ? prices.premiumFactor : 1) }
    func price(_ month: Int) -> Price {
      let isHourly = call.int("InstanceChargeType") == 2
      return Price(original: isHourly ? month / PriceTable.hoursPerMonth : month, discount: prices.discount)
    }
    let parts = [
      price(model.processors * count * prices.processor),
      price(model.memory * count * prices.eightGBOfMemory / 8),
      price(gigabytes * count * prices.hundredGBOfDisk / 100),
    ]
    let total = Price(original: parts.reduce(0) { $0 + $1.original }, discount: prices.discount)
    return [
      "InstancePrice": [
        "InstancePricesPartDetail": [
          "CpuPrice": parts[0].answer, "MemPrice": parts[1].answer, "DisksPrice": parts[2].answer,
        ],
        "Discount": .int(prices.discount), "DiscountPrice": .int(total.discounted),
        "OriginalPrice": .int(total.original),
      ]
    ]
  }
}

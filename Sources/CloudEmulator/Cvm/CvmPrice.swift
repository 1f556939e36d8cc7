import Values

/// What things cost in CVM, in hundred-thousandths of a dollar. The standard prices are made up.
struct CvmPriceTable: Sendable {
  /// An hour.
  var processor = 2_000
  /// A GB and hour.
  var memory = 1_000
  /// A card and hour.
  var graphics = 150_000
  /// A GB and hour.
  var disk = 10
  /// A GB of `CLOUD_SSD` and hour.
  var ssd = 20
  /// A Mbps and hour.
  var bandwidth = 1_000
  /// A prepaid Mbps and month.
  var prepaidBandwidth = 500_000
  /// A GB.
  var traffic = 12_000

  /// Of an hour.
  func hour(_ model: CvmHardware.Model) -> Int {
    model.processors * processor + model.memory * memory + model.graphics * graphics
  }

  /// Of an hour.
  func hour(_ volume: CvmDisk) -> Int { volume.size * (volume.type == "CLOUD_SSD" ? ssd : disk) }
}

/// What calls of CVM cost by the table: a month is 500 hours, a prepaid year costs ten months, and spot instances cost
/// a fifth.
enum CvmPrice {
  static let hoursOfMonth = 500

  static func dollars(_ hundredThousandths: Int) -> Double { Double(hundredThousandths) / 100_000 }

  /// What instances cost, as `ItemPrice`.
  static func item(hour: Int, chargeType: String, months: Int = 1) -> Value {
    guard chargeType == "PREPAID" else {
      let price = chargeType == "SPOTPAID" ? hour / 5 : hour
      return item([
        "UnitPrice": .float(dollars(hour)), "ChargeUnit": "HOUR", "UnitPriceDiscount": .float(dollars(price)),
        "Discount": .float(hour == 0 ? 100 : Double(price * 100 / max(hour, 1))),
      ])
    }
    let month = dollars(hour) * Double(hoursOfMonth)
    let (whole, paid) = (month * Double(months), month * Double(months / 12 * 10 + months % 12))
    return item([
      "OriginalPrice": .float(whole), "DiscountPrice": .float(paid),
      "Discount": .float(whole == 0 ? 100 : (paid * 100 / whole).rounded(.down)),
    ])
  }

  /// What public bandwidth costs, as `ItemPrice`.
  static func bandwidth(_ internet: CvmInternet, _ table: CvmPriceTable, count: Int, months: Int = 1) -> Value {
    switch internet.chargeType {
    case "BANDWIDTH_PREPAID":
      let price = dollars(internet.bandwidth * count * months * table.prepaidBandwidth)
      return item(["OriginalPrice": .float(price), "DiscountPrice": .float(price), "Discount": 100.0])
    case "BANDWIDTH_POSTPAID_BY_HOUR":
      let price = dollars(internet.bandwidth * count * table.bandwidth)
      return item(["UnitPrice": .float(price), "ChargeUnit": "HOUR", "UnitPriceDiscount": .float(price)])
    default:
      let price = Value.float(dollars(table.traffic))
      return item(["UnitPrice": price, "ChargeUnit": "GB", "UnitPriceDiscount": price])
    }
  }

  /// The structure `ItemPrice`; what is not said is null.
  static func item(_ said: Record) -> Value {
    let terms = ["", "ThreeYear", "FiveYear", "OneYear"].flatMap { term in
      ["OriginalPrice\(term)", "DiscountPrice\(term)", "Discount\(term)"]
    }
    let steps = ["", "SecondStep", "ThirdStep"].flatMap { ["UnitPrice\($0)", "UnitPriceDiscount\($0)"] }
    return .record(Record((terms + steps + ["ChargeUnit"]).map { ($0, Value.null) }).merging(said))
  }

  /// An `ItemPrice` that costs nothing.
  static var nothing: Value { item(["OriginalPrice": 0.0, "DiscountPrice": 0.0, "UnitPrice": 0.0]) }
}

import CloudCatalog
import CloudEmulator
import RunEngine
import Values

/// What reads can tell of a plan before it is run: what it costs, and whether quotas and stock suffice. The cloud that
/// is asked may be the real one; nothing but reads is asked.
package struct PlanSurvey: Sendable {
  /// How the survey asks. The same for an emulated world and for an account.
  package typealias Ask = @Sendable (CloudCall) async -> Reply

  package struct Price: Sendable {
    /// `4 × S5.MEDIUM4`
    package let what: String
    package let action: ActionID
    /// Hundredths of the account's currency.
    package let perMonth: Int
    package var perHour: Double { Double(perMonth) / Double(PlanSurvey.hoursPerMonth) }
  }
  package struct Check: Sendable {
    package enum Verdict: String, Sendable { case suffices, short, unknown }
    package let what: String
    package let action: ActionID
    package let verdict: Verdict
    package let detail: String
  }
  package private(set) var prices: [Price] = []
  /// What is made and has no price inquiry, by kind.
  package private(set) var unpriced: [(kind: String, count: Int)] = []
  package private(set) var checks: [Check] = []
  /// The names of the steps whose parameters are read from a world that was made up.
  package let assumed: [String]
  /// What nobody looked at, or what no read can tell.
  package private(set) var notRuledOut: [String] = []
  static let hoursPerMonth = 720

  package var perMonth: Int { prices.reduce(0) { $0 + $1.perMonth } }
  package var perHour: Double { prices.reduce(0) { $0 + $1.perHour } }

  /// What a failure costs at the worst step: everything that is made is paid for from its making to the end of its
  /// undoing, by the begun hour.
  package func costOfFailure(_ plan: RunPlan) -> (at: UndoPreview, amount: Double)? {
    plan.undo.map { preview in
      let hours = ((preview.at + preview.takes).milliseconds + 3_599_999) / 3_600_000
      return (at: preview, amount: perHour * Double(hours))
    }.max { $0.amount < $1.amount }
  }

  /// `dryRuns`: whether calls that can be told to change nothing are tried, told so.
  package init(_ plan: RunPlan, dryRuns: Bool = false, ask: @escaping Ask) async {
    let instances = MadeInstance.all(plan)
    assumed = plan.steps.indices.filter { plan.steps[$0].certainty == .assumed }.map { plan.steps[$0].name }
    await price(instances, plan, ask)
    await check(instances, plan, ask)
    let dry = PlanSurvey.dryRuns(plan)
    if dryRuns {
      for (step, call) in dry.possible {
        let answer = await dryRunCheck(step, call, ask)
        checks.append(answer)
      }
    }
    notRuledOut = open(plan) + (dryRuns ? [] : PlanSurvey.notAsked(dry.possible.map(\.step.name)))
    if !dry.early.isEmpty {
      notRuledOut.append(
        "dry runs whose parameters come from earlier answers: \(PlanSurvey.list(dry.early.map(\.name)))")
    }
  }

  // MARK: Prices

  private mutating func price(_ instances: [MadeInstance], _ plan: RunPlan, _ ask: Ask) async {
    for (call, count) in PlanSurvey.grouped(instances.map(\.inquiry)) {
      let what = "\(count) × \(call.arguments["InstanceType"]?.display ?? "instance")"
      var arguments = call.arguments
      arguments["InstanceCount"] = .int(count)
      guard case .outcome(.done(let answer, _)) = await ask(CloudCall(call.action, region: call.region, arguments)),
        let amount = answer["InstancePrice"]?.asRecord?["DiscountPrice"]?.asInt
      else { continue }
      prices.append(Price(what: what, action: call.action, perMonth: amount))
    }
    for call in plan.calls(of: "cvm.RunInstances") { await priceCvm(call, ask) }
    let priced = prices.isEmpty ? [] : ["Instance", "CvmInstance"]
    unpriced = plan.blast.counts(.created).filter { PlanSurvey.billed.contains($0.kind) && !priced.contains($0.kind) }
  }

  private mutating func priceCvm(_ call: CloudCall, _ ask: Ask) async {
    guard let facts = Catalog.action("cvm.InquiryPriceRunInstances") else { return }
    // Keys, groups and the like cost nothing, and may be there only when the run has made them.
    let arguments = Record(call.arguments.filter { PlanSurvey.priced.contains($0.key) }.map { ($0.key, $0.value) })
    let inquiry = CloudCall(facts.id, region: call.region, arguments)
    guard case .outcome(.done(let answer, _)) = await ask(inquiry),
      let price = answer["Price"]?.asRecord?["InstancePrice"]?.asRecord
    else { return }
    let count = call.arguments["InstanceCount"]?.asInt ?? 1
    let type = call.arguments["InstanceType"]?.display ?? "instance"
    let amount: Double? =
      price["ChargeUnit"]?.asText == "HOUR"
      ? price["UnitPriceDiscount"]?.asNumber.map { $0 * Double(PlanSurvey.hoursPerMonth) }
      : price["DiscountPrice"]?.asNumber
    guard let amount else { return }
    prices.append(Price(what: "\(count) × \(type)", action: facts.id, perMonth: Int((amount * 100).rounded())))
  }

  /// What the price of an instance of CVM depends on.
  private static let priced: Set = [
    "Placement", "ImageId", "InstanceType", "SystemDisk", "DataDisks", "InternetAccessible", "InstanceCount",
    "InstanceChargeType", "InstanceChargePrepaid", "InstanceMarketOptions", "LaunchTemplate",
  ]

  private static func grouped(_ calls: [CloudCall]) -> [(CloudCall, Int)] {
    var order: [CloudCall] = []
    var counts: [CloudCall: Int] = [:]
    for call in calls {
      if counts[call] == nil { order.append(call) }
      counts[call, default: 0] += 1
    }
    return order.map { ($0, counts[$0] ?? 0) }
  }

  /// Kinds that cost money while they are there.
  private static let billed: Set = [
    "Instance", "CvmInstance", "Address", "LoadBalancer", "Snapshot", "Image", "CvmImage", "Host", "ReservedInstance",
  ]

  // MARK: Quotas and stock

  private mutating func check(_ instances: [MadeInstance], _ plan: RunPlan, _ ask: Ask) async {
    await checkAddresses(plan, ask)
    await checkStock(instances, ask)
    await checkCvmStock(plan, ask)
    await checkCvmImages(plan, ask)
  }

  private mutating func checkAddresses(_ plan: RunPlan, _ ask: Ask) async {
    let asked = plan.calls(of: "ecm.AllocateAddresses")
    for (region, calls) in Dictionary(grouping: asked, by: \.limitRegion).sorted(by: { $0.key < $1.key }) {
      let count = calls.reduce(0) { $0 + ($1.arguments["AddressCount"]?.asInt ?? 1) }
      let call = CloudCall("ecm.DescribeAddressQuota", ["EcmRegion": .text(region)])
      guard case .outcome(.done(let answer, _)) = await ask(call) else {
        checks.append(unanswered("\(count) elastic IPs in \(region)", call))
        continue
      }
      for (name, wording) in [("TOTAL_EIP_QUOTA", "held"), ("DAILY_EIP_APPLY", "allocated today")] {
        let rows = answer["QuotaSet"]?.asList ?? []
        guard let row = rows.compactMap(\.asRecord).first(where: { $0["QuotaId"]?.asText == name }),
          let current = row["QuotaCurrent"]?.asInt, let limit = row["QuotaLimit"]?.asInt
        else { continue }
        checks.append(
          Check(
            what: "\(count) elastic IPs in \(region)", action: call.action,
            verdict: current + count <= limit ? .suffices : .short,
            detail: "\(current) of \(limit) \(wording)"))
      }
    }
  }

  private mutating func checkStock(_ instances: [MadeInstance], _ ask: Ask) async {
    let groups = Dictionary(grouping: instances) { [$0.zone, $0.isp, $0.type] }
    for (key, group) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let what = "\(group.count) × \(key[2]) in \(key[0]), \(key[1])"
      let call = CloudCall(
        "ecm.DescribePackingQuotaGroup",
        [
          "Filters": [
            ["Name": "Zone", "Values": [.text(key[0])]], ["Name": "InstanceType", "Values": [.text(key[2])]],
          ]
        ])
      guard case .outcome(.done(let answer, _)) = await ask(call) else {
        checks.append(unanswered(what, call))
        continue
      }
      let rows = (answer["PackingQuotaSet"]?.asList ?? []).compactMap(\.asRecord)
      let row = rows.first { $0["ISPId"]?.asText == key[1] && $0["Zone"]?.asText == key[0] }
      let infos = (row?["PackingQuotaInfos"]?.asList ?? []).compactMap(\.asRecord)
      let room = infos.first { $0["InstanceType"]?.asText == key[2] }?["PackingQuota"]?.asInt
      checks.append(
        Check(
          what: what, action: call.action,
          verdict: room.map { $0 >= group.count ? .suffices : .short } ?? .unknown,
          detail: room.map { "room for \($0)" } ?? "the answer does not name it"))
    }
  }

  private mutating func checkCvmStock(_ plan: RunPlan, _ ask: Ask) async {
    for run in plan.calls(of: "cvm.RunInstances") {
      guard let zone = run.arguments["Placement"]?.asRecord?["Zone"]?.asText else { continue }
      let type = run.arguments["InstanceType"]?.asText ?? "S1.SMALL1"
      let call = CloudCall(
        "cvm.DescribeZoneInstanceConfigInfos", region: run.region,
        ["Filters": [["Name": "zone", "Values": [.text(zone)]]]])
      guard case .outcome(.done(let answer, _)) = await ask(call) else {
        checks.append(unanswered("\(type) in \(zone)", call))
        continue
      }
      let rows = (answer["InstanceTypeQuotaSet"]?.asList ?? []).compactMap(\.asRecord)
      let charge = run.arguments["InstanceChargeType"]?.asText ?? "POSTPAID_BY_HOUR"
      let row = rows.first { $0["InstanceType"]?.asText == type && $0["InstanceChargeType"]?.asText == charge }
      let status = row?["Status"]?.asText
      checks.append(
        Check(
          what: "\(type) in \(zone)", action: call.action,
          verdict: status.map { $0 == "SELL" ? .suffices : .short } ?? .unknown,
          detail: status ?? "the zone does not list it"))
    }
  }

  private mutating func checkCvmImages(_ plan: RunPlan, _ ask: Ask) async {
    let made = plan.calls(of: "cvm.CreateImage") + plan.calls(of: "cvm.ImportImage")
    for (region, calls) in Dictionary(grouping: made, by: \.limitRegion).sorted(by: { $0.key < $1.key }) {
      let quota = CloudCall("cvm.DescribeImageQuota", region: region, [:])
      let listing = CloudCall(
        "cvm.DescribeImages", region: region,
        ["Filters": [["Name": "image-type", "Values": ["PRIVATE_IMAGE"]]], "Limit": 1])
      guard case .outcome(.done(let answer, _)) = await ask(quota), let limit = answer["ImageNumQuota"]?.asInt,
        case .outcome(.done(let list, _)) = await ask(listing), let held = list["TotalCount"]?.asInt
      else {
        checks.append(unanswered("\(calls.count) images in \(region)", quota))
        continue
      }
      checks.append(
        Check(
          what: "\(calls.count) images in \(region)", action: quota.action,
          verdict: held + calls.count <= limit ? .suffices : .short, detail: "\(held) of \(limit) held"))
    }
  }

  private func unanswered(_ what: String, _ call: CloudCall) -> Check {
    Check(what: what, action: call.action, verdict: .unknown, detail: "\(call.action.name) did not answer")
  }

  // MARK: What is left open

  /// Kinds whose quota a check of here covers.
  private static let checkedKinds: Set = ["Address", "Instance", "CvmInstance", "CvmImage"]

  private func open(_ plan: RunPlan) -> [String] {
    var open: [String] = []
    let kinds = plan.blast.counts(.created).map(\.kind).filter { !PlanSurvey.checkedKinds.contains($0) }
    if !kinds.isEmpty { open.append("quotas that no read tells: \(kinds.joined(separator: ", "))") }
    if !prices.isEmpty || plan.callCounts.contains(where: { $0.action.name == "RunInstances" }) {
      open.append("stock that is gone, or a balance that is used up, by the time of the call")
    }
    let conditions = plan.steps.indices.filter { plan.steps[$0].kind == .wait && plan.steps[$0].action == nil }
      .map { plan.steps[$0].name }
    if !conditions.isEmpty {
      open.append("whether these come true outside of an emulator: \(PlanSurvey.list(conditions))")
    }
    if !assumed.isEmpty { open.append("parameters read from a made-up world: \(PlanSurvey.list(assumed))") }
    open.append("whether the account may call what the run may need to call; --policy lists it")
    open.append("what others change in the account before the run or beside it")
    return open
  }

  static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }
}

extension RunPlan {
  /// The calls of an action that the run makes, with their arguments.
  fileprivate func calls(of action: ActionID) -> [CloudCall] {
    guard callCounts.contains(where: { $0.action == action }) else { return [] }
    return outcome.asked.filter { $0.call.action == action }.map(\.call)
  }
}

extension Value {
  fileprivate var asNumber: Double? {
    switch self {
    case .int(let whole): Double(whole)
    case .float(let number): number
    case .null, .bool, .text, .duration, .quantity, .cidr, .list, .record, .secret: nil
    }
  }
}

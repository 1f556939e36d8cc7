import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// Reads what an account holds, page by page. Only reads are sent: see ``ReadOnlyWorld``.
package struct AccountReader: Sendable {
  /// Why an account could not be read, in one sentence.
  package struct Problem: Error, Sendable, Hashable {
    package let message: String
  }
  private let world: ReadOnlyWorld
  /// The regions that are read; empty for all.
  private let regions: [String]
  private let services: Set<String>

  /// `services` are `ecm` and `cvm`, or one of them.
  package init(
    _ world: ReadOnlyWorld, regions: [String] = [], services: Set<String> = AccountReader.allServices
  ) {
    self.world = world
    self.regions = regions
    self.services = services
  }

  package static let allServices: Set = ["ecm", "cvm"]

  /// Read for the account as a whole, whatever the region.
  private static let whole: [ActionID] = [
    "ecm.DescribeInstanceTypeConfig", "ecm.DescribeVpcs", "ecm.DescribeSubnets", "ecm.DescribeSecurityGroups",
    "ecm.DescribeImage", "ecm.DescribeModule", "ecm.DescribeInstances", "ecm.DescribeSnapshots",
  ]
  /// Read for each region.
  private static let regional: [ActionID] = [
    "ecm.DescribeRouteTables", "ecm.DescribeNetworkInterfaces", "ecm.DescribeAddresses", "ecm.DescribeAddressQuota",
    "ecm.DescribeHaVips", "ecm.DescribeLoadBalancers",
  ]
  /// Read for each region of CVM, whose zones come first.
  private static let cvm: [ActionID] = [
    "cvm.DescribeZones", "cvm.DescribeInstanceFamilyConfigs", "cvm.DescribeInstanceTypeConfigs", "cvm.DescribeImages",
    "cvm.DescribeInstances", "cvm.DescribeKeyPairs", "cvm.DescribeLaunchTemplates",
    "cvm.DescribeDisasterRecoverGroups", "cvm.DescribeHosts", "cvm.DescribeChcHosts", "cvm.DescribeReservedInstances",
  ]

  package func snapshot() async throws(Problem) -> AccountSnapshot {
    var (answers, known): ([AccountSnapshot.Answer], [String]) = ([], [])
    let nodes = services.contains("ecm") ? try await read("ecm.DescribeNode", of: nil) : nil
    let places = services.contains("cvm") ? try await read("cvm.DescribeRegions", of: nil) : nil
    let edge = names("RegionInfo.Region", of: nodes)
    let central = names("Region", of: places)
    known = edge + central
    if let wrong = regions.first(where: { !known.contains($0) }) {
      throw Problem(message: "there is no region '\(wrong)'; the account has \(known.joined(separator: ", "))")
    }
    if let nodes { answers += [nodes] + (try await readEdge(chosen(edge))) }
    if let places {
      answers.append(places)
      for region in chosen(central) { answers += try await readCvm(region) }
    }
    return AccountSnapshot(takenAt: world.now(), account: world.account, answers: answers)
  }

  private func chosen(_ names: [String]) -> [String] {
    regions.isEmpty ? names : names.filter { regions.contains($0) }
  }

  private func names(_ path: ValuePath, of answer: AccountSnapshot.Answer?) -> [String] {
    var names: [String] = []
    for row in answer?.rows ?? [] {
      if let name = path.value(in: row)?.asText, !names.contains(name) { names.append(name) }
    }
    return names
  }

  private func readEdge(_ regions: [String]) async throws(Problem) -> [AccountSnapshot.Answer] {
    var answers: [AccountSnapshot.Answer] = []
    for action in AccountReader.whole { answers.append(try await read(action, of: nil)) }
    for region in regions {
      for action in AccountReader.regional {
        answers.append(try await read(action, ["EcmRegion": .text(region)], of: region))
      }
    }
    for group in ids("SecurityGroupId", in: answers, of: "ecm.DescribeSecurityGroups") {
      answers.append(try await read("ecm.DescribeSecurityGroupPolicies", ["SecurityGroupId": .text(group)], of: group))
    }
    for balancer in ids("LoadBalancerId", in: answers, of: "ecm.DescribeLoadBalancers") {
      for action in ["ecm.DescribeListeners", "ecm.DescribeTargets"] as [ActionID] {
        answers.append(try await read(action, ["LoadBalancerId": .text(balancer)], of: balancer))
      }
    }
    return answers
  }

  private func readCvm(_ region: String) async throws(Problem) -> [AccountSnapshot.Answer] {
    var answers: [AccountSnapshot.Answer] = []
    for action in AccountReader.cvm { answers.append(try await read(action, in: region, of: region)) }
    let instances = ids("InstanceId", in: answers, of: "cvm.DescribeInstances")
    for start in stride(from: 0, to: instances.count, by: AccountReader.pageSize) {
      let page = instances[start..<min(start + AccountReader.pageSize, instances.count)]
      let arguments: Record = [
        "InstanceIds": .list(page.map(Value.text)), "Operation": "INSTANCE_DEGRADE",
      ]
      answers.append(try await read("cvm.DescribeInstancesOperationLimit", arguments, in: region, of: region))
    }
    for template in ids("LaunchTemplateId", in: answers, of: "cvm.DescribeLaunchTemplates") {
      answers.append(
        try await read(
          "cvm.DescribeLaunchTemplateVersions", ["LaunchTemplateId": .text(template)], in: region, of: template))
    }
    let images = answers.filter { $0.action == "cvm.DescribeImages" }.flatMap(\.rows).compactMap(\.asRecord)
    for image in images where image["ImageType"] == "PRIVATE_IMAGE" {
      guard let id = image["ImageId"]?.asText else { continue }
      answers.append(
        try await read("cvm.DescribeImageSharePermission", ["ImageId": .text(id)], in: region, of: id))
    }
    return answers
  }

  private func ids(_ member: String, in answers: [AccountSnapshot.Answer], of action: ActionID) -> [String] {
    answers.filter { $0.action == action }.flatMap(\.rows).compactMap { $0.asRecord?[member]?.asText }
  }

  // MARK: Pages

  private static let pageSize = 100

  /// Where the rows of an answer stand; targets are kept under their listeners.
  private static func rows(of action: ActionID) -> ValuePath? {
    switch action {
    case "ecm.DescribeTargets": "Listeners[]"
    case "ecm.DescribeSecurityGroupPolicies": "SecurityGroupPolicySet"
    default: Catalog.readMeaning(action)?.rows
    }
  }

  private func read(
    _ action: ActionID, _ arguments: Record = Record(), in cvmRegion: String? = nil, of resource: String?
  ) async throws(Problem) -> AccountSnapshot.Answer {
    let paging = Catalog.readMeaning(action)?.paging
    var rows: [Value] = []
    while true {
      var arguments = arguments
      if let paging {
        let offset = rows.count
        arguments[paging.offset] = paging.areStrings ? .text(String(offset)) : .int(offset)
        arguments[paging.limit] = paging.areStrings ? .text("\(AccountReader.pageSize)") : .int(AccountReader.pageSize)
      }
      let answer = try await ask(CloudCall(action, region: cvmRegion, arguments))
      let found = AccountReader.rows(of: action)?.value(in: .record(answer)) ?? .record(answer)
      let page = found.asList ?? [found]
      rows += page
      guard paging != nil, page.count >= AccountReader.pageSize else { break }
    }
    return AccountSnapshot.Answer(action, of: resource, rows: rows)
  }

  private static let patience = 20

  /// What the limit or the cloud turns away is asked again a second later.
  private func ask(_ call: CloudCall) async throws(Problem) -> Record {
    var last = ""
    for _ in 0..<AccountReader.patience {
      switch await world.send(call) {
      case .outcome(.done(let answer, _)): return answer
      case .outcome(.refused(let error)):
        last = "\(call.action) was refused: \(error.code): \(error.message)"
        guard error.kind == .throttled else { throw Problem(message: last) }
      case .outcome(.unknown(let reason)): last = "\(call.action) was not answered: \(reason)"
      case .unreachable(let reason): throw Problem(message: reason)
      }
      await world.sleep(until: world.now() + .seconds(1))
    }
    throw Problem(message: last)
  }
}

import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// Reads what an account holds on the edge, page by page. Only reads are sent: see ``ReadOnlyWorld``.
package struct AccountReader: Sendable {
  /// Why an account could not be read, in one sentence.
  package struct Problem: Error, Sendable, Hashable {
    package let message: String
  }
  private let world: ReadOnlyWorld
  /// The regions that are read; empty for all.
  private let regions: [String]

  package init(_ world: ReadOnlyWorld, regions: [String] = []) {
    self.world = world
    self.regions = regions
  }

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

  package func snapshot() async throws(Problem) -> AccountSnapshot {
    let nodes = try await read("ecm.DescribeNode", Record(), of: nil)
    var answers = [nodes]
    for action in AccountReader.whole { answers.append(try await read(action, Record(), of: nil)) }
    var known: [String] = []
    for node in nodes.rows {
      guard let name = ValuePath("RegionInfo.Region").value(in: node)?.asText, !known.contains(name) else { continue }
      known.append(name)
    }
    if let wrong = regions.first(where: { !known.contains($0) }) {
      throw Problem(message: "there is no region '\(wrong)'; the account has \(known.joined(separator: ", "))")
    }
    for region in regions.isEmpty ? known : regions {
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
    return AccountSnapshot(takenAt: world.now(), account: world.account, answers: answers)
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
    _ action: ActionID, _ arguments: Record, of resource: String?
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
      let answer = try await ask(CloudCall(action, arguments))
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

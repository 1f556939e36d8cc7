import Diagnostics
import Foundation
import RunbookEvaluator
import RunbookSyntax
import Testing
import Values

@testable import RunbookChecker

@Suite struct RunbookCheckerTests {
  private static let functions = Builtins.all.map(\.signature)

  private static func check(_ text: String) -> CheckResult {
    RunbookCheck.check(SourceFile(path: "t.belay", text: text), functions: functions)
  }

  private static func example(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "runbooks/\(path)"), encoding: .utf8)
  }

  @Test(arguments: ["ecm/fleet/web_fleet.belay", "ecm/image/bake_image.belay"])
  func exampleIsClean(_ path: String) throws {
    let result = Self.check(try Self.example(path))
    #expect(DiagnosticRenderer(sources: result.sources).render(result.diagnostics) == "")
    #expect(result.runbook != nil)
  }

  @Test func theFleetIsUnderstood() throws {
    let runbook = try #require(Self.check(try Self.example("ecm/fleet/web_fleet.belay")).runbook)
    #expect(runbook.name == "ecm.web_fleet")
    #expect(runbook.version == "1.0.0")
    #expect(runbook.inputs.first { $0.name == "zones" }?.type == .list(.id(service: "ecm", kind: "Zone")))
    #expect(runbook.inputs.filter(\.isSecret).map(\.name) == ["password"])
    #expect(
      runbook.effects.map(\.name) == [
        "CreateVpc", "CreateSubnet", "CreateModule", "RunInstances", "AllocateAddresses", "AssociateAddress",
        "CreateLoadBalancer", "CreateListener", "BatchRegisterTargets", "DescribeTargetHealth",
      ])
    #expect(runbook.calls.count == 10)
    #expect(runbook.waits.count == 6)
    let vpc = try #require(runbook.calls.values.first { $0.action.name == "CreateVpc" })
    #expect(vpc.arguments.map(\.name) == ["VpcName", "CidrBlock", "EcmRegion"])
    guard case .catalog = vpc.undo else { return #expect(Bool(false), "the VPC is undone by the catalog's inverse") }
  }

  @Test func ofManyProblemsAThousandAreReported() {
    let head = "runbook t.many 1.0.0\n"
    let limit = RunbookCheck.maximumProblemCount
    func unknown(_ count: Int) -> String { (0..<count).map { "output v\($0) = w\($0)\n" }.joined() }
    #expect(Self.check(head + unknown(limit)).diagnostics.count == limit)
    #expect(Self.check(head + unknown(limit + 1)).diagnostics.count == limit)
    // Warnings never crowd out the error that makes the text wrong.
    let unused = (0...limit).map { "let a\($0) = 1\n" }.joined()
    #expect(Self.check(head + unused).diagnostics.count == limit)
    #expect(Self.check(head + unused).runbook != nil)
    let wrong = Self.check(head + unused + unknown(1))
    #expect(wrong.runbook == nil)
    #expect(wrong.diagnostics.map(\.severity) == [.error])
  }

  @Test func tenErrorsAreAllReported() {
    let result = Self.check(
      """
      runbook t.ten 1.0.0
      use ecm with (EcmRegion: region)
      inputs {
        region: ecm.Region
        count_: Integer
        zone: ecm.Zone = 5
      }
      let net = ecm.CreateVpc(VpcName: "x", Cidr: 10.20.0.0/16)
      let sub = ecm.CreateSubnet(VpcId: "subnet-1", SubnetName: zne, Zone: zone)
      ecm.TerminateInstances(InstanceIdSet: ["ein-1"])
      wait net is done
      each x in 5 { give 1 + "a" }
      output a = upper(1)
      output b = net.Vpc.Vpcid
      """)
    let codes = Set(result.diagnostics.map(\.code.rawValue))
    #expect(
      codes.isSuperset(of: [
        "B0205", "B0701", "B0402", "B0403", "B0406", "B0201", "B0501", "B0602", "B0303", "B0304", "B0301", "B0204",
      ]))
    #expect(result.runbook == nil)
  }

  @Test func whatFollowsFromAnErrorIsMuted() {
    let result = Self.check(
      """
      runbook t.muted 1.0.0
      use ecm
      let a = ecm.NoSuchAction()
      let b = a.x.y[0]
      each (c, d) in b { let _e = c + d }
      output f = flatten(b[].z) == b or upper(b) == "x"
      """)
    #expect(result.diagnostics.map(\.code.rawValue) == ["B0401"])
  }

  @Test func deepTextIsAProblemAndNoCrash() {
    for depth in [50, 5000] {
      let nested = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
      #expect(Self.check("runbook t.deep 1.0.0\noutput a = \(nested)").diagnostics.allSatisfy { $0.code == .tooDeep })
    }
  }

  @Test func aLongChainIsNotDeep() {
    let sum = Array(repeating: "1", count: 150).joined(separator: " + ")
    #expect(Self.check("runbook t.long 1.0.0\noutput a = \(sum)").diagnostics.isEmpty)
  }

  @Test(arguments: ["[a#, a#]", "a# * a#", "{ x: a#, y: a# }", "[a#]"]) func typesThatGrowWithEachLineTakeNoTime(
    _ step: String
  ) {
    var text = "runbook t.growth 1.0.0\nlet a0 = [1]\n"
    for line in 1...2000 {
      text += "let a\(line) = \(step.replacing("#", with: String(line - 1)))\n"
    }
    #expect(Self.check(text + "output a = a2000\n").diagnostics.allSatisfy { $0.code == .badOperands })
  }

  @Test func callsCarryTheirArgumentsAndUndo() throws {
    let result = Self.check(
      """
      runbook t.tables 1.0.0
      use ecm with (EcmRegion: "ap-hangzhou-ecm", VpcName: "default")
      use cvm in "ap-guangzhou"
      let net = ecm.CreateVpc(CidrBlock: 10.20.0.0/16, VpcName: "own")
      let other = ecm.CreateVpc(CidrBlock: 10.21.0.0/16) keep "shared"
      let old = ecm.TerminateInstances(InstanceIdSet: ["ein-1"]) undo { ecm.DescribeVpcs(VpcIds: [net.Vpc.VpcId]) }
      wait old is done
      let seen = cvm.DescribeInstances(Region: "ap-beijing")
      ecm.TerminateInstances(InstanceIdSet: ["ein-2"]) irreversible "old"
      commit "done"
      output count = seen.TotalCount
      """)
    #expect(DiagnosticRenderer(sources: result.sources).render(result.diagnostics) == "")
    let runbook = try #require(result.runbook)
    let calls = runbook.calls.sorted { $0.key < $1.key }.map(\.value)
    let described = calls.map { call in
      let undo =
        switch call.undo {
        case .catalog: "catalog"
        case .nothing: "nothing"
        case .written: "written"
        case .irreversible: "irreversible"
        case .keep: "keep"
        }
      return "\(call.action)(\(call.arguments.map(\.name).joined(separator: " "))) \(undo)"
    }
    #expect(
      Set(described) == [
        "ecm.CreateVpc(CidrBlock VpcName EcmRegion) catalog", "ecm.CreateVpc(CidrBlock EcmRegion VpcName) keep",
        "ecm.TerminateInstances(InstanceIdSet) written", "ecm.DescribeVpcs(VpcIds EcmRegion) nothing",
        "cvm.DescribeInstances() nothing", "ecm.TerminateInstances(InstanceIdSet) irreversible",
      ])
    #expect(calls.first { $0.action.service == "cvm" }?.region?.literalText == "ap-beijing")
    #expect(runbook.waits.values.map(\.action) == ["ecm.TerminateInstances"])
    #expect(
      runbook.effects == [
        "ecm.CreateVpc", "ecm.TerminateInstances", "ecm.DescribeVpcs", "cvm.DescribeInstances",
      ])
  }
}

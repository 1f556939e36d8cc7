import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import RunPlanner
import Synchronization
import TestSupport
import Testing
import Values

/// A snapshot is the world it was taken of, and taking it only reads.
@Suite struct SnapshotTests {
  private static let edge = """
    runbook test.more 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    let net = ecm.CreateVpc(VpcName: "more", CidrBlock: 10.50.0.0/16, Tags: [{ Key: "team", Value: "edge" }])
    let sub = ecm.CreateSubnet(
      VpcId: net.Vpc.VpcId,
      SubnetName: "more",
      CidrBlock: 10.50.1.0/24,
      Zone: "ap-hangzhou-ecm-1",
    )
    let table = ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "aside")
    let group = ecm.CreateSecurityGroup(GroupName: "web", GroupDescription: "of the web")
    ecm.CreateSecurityGroupPolicies(
      SecurityGroupId: group.SecurityGroup.SecurityGroupId,
      SecurityGroupPolicySet: {
        Ingress: [{ Protocol: "TCP", Port: "80", CidrBlock: "0.0.0.0/0", Action: "ACCEPT" }],
      },
    )
    let nic = ecm.CreateNetworkInterface(
      VpcId: net.Vpc.VpcId,
      SubnetId: sub.Subnet.SubnetId,
      NetworkInterfaceName: "spare",
      SecondaryPrivateIpAddressCount: 1,
    )
    ecm.CreateHaVip(VpcId: net.Vpc.VpcId, SubnetId: sub.Subnet.SubnetId, HaVipName: "vip", Vip: "10.50.1.77")
    """

  private static let cvm = """
    runbook test.cvm 1.0.0

    use cvm in "ap-guangzhou"

    let key = cvm.CreateKeyPair(KeyName: "deploy", ProjectId: 0)
    let group = cvm.CreateDisasterRecoverGroup(Name: "apart", Type: "HOST")
    let vm = cvm.RunInstances(
      Placement: { Zone: "ap-guangzhou-3" },
      ImageId: "img-487zeit5",
      InstanceType: "S5.MEDIUM4",
      InstanceName: "one",
      DataDisks: [{ DiskType: "CLOUD_PREMIUM", DiskSize: 100, DeleteWithInstance: false }],
      LoginSettings: { KeyIds: [key.KeyPair.KeyId] },
      DisasterRecoverGroupIds: [group.DisasterRecoverGroupId],
    )
    wait vm is RUNNING within 15min
    let image = cvm.CreateImage(ImageName: "golden", InstanceId: vm.InstanceIdSet[0], ForcePoweroff: "TRUE")
    wait image is done within 30min
    cvm.ModifyImageSharePermission(ImageId: image.ImageId, AccountIds: ["100000000001"], Permission: "SHARE")
    let template = cvm.CreateLaunchTemplate(
      LaunchTemplateName: "web",
      Placement: { Zone: "ap-guangzhou-3" },
      ImageId: "img-487zeit5",
    )
    cvm.CreateLaunchTemplateVersion(
      LaunchTemplateId: template.LaunchTemplateId,
      LaunchTemplateVersionDescription: "larger",
      Placement: { Zone: "ap-guangzhou-4" },
      InstanceType: "S5.LARGE8",
      ImageId: "img-487zeit5",
    )
    """

  /// A world with something of everything that a snapshot knows.
  static func world() throws -> EmulatedCloud {
    let fleet = try ShippedRecipe("ecm/fleet/web_fleet")
    var cloud = try fleet.trial().run(in: fleet.cloud).after
    for text in [edge, cvm] {
      let trial = try Rehearsal(SourceFile(path: "more.belay", text: text), inputs: [:]).trial
      let outcome = trial.run(in: cloud)
      try #require(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
      cloud = outcome.after
      cloud.advance(to: outcome.endedAt + .minutes(10))
    }
    return cloud
  }

  @Test func isTheWorldItWasTakenOf() async throws {
    let cloud = try Self.world()
    let world = ReadWorld(cloud)
    let snapshot = try await AccountReader(ReadOnlyWorld(world)).snapshot()
    let written = try JSON.parse(JSON.print(snapshot.document))
    let read = try #require(AccountSnapshot(written))
    let copy = try EmulatedCloud(read, account: "copy", seed: 7, speed: 1)
    let before = cloud.inventory(account: ShippedRecipe.account)
    let after = copy.inventory(account: "copy")
    #expect(before.count > 40)
    #expect(before.contains { $0.kind == "CvmLaunchTemplateVersion" })
    #expect(Set(after).subtracting(before).isEmpty, "only in the copy")
    #expect(Set(before).subtracting(after).isEmpty, "not in the copy")
    #expect(world.sent.allSatisfy { $0.name.hasPrefix("Describe") })
    // The copy answers as the world does.
    let again = try await AccountReader(ReadOnlyWorld(ReadWorld(copy, account: "copy"))).snapshot()
    for (first, second) in zip(snapshot.answers, again.answers) where !first.action.name.hasSuffix("Quota") {
      #expect(first.rows.count == second.rows.count, "\(first.action) of \(first.of ?? "all")")
    }
  }

  /// A runbook that calls one service does not have the other one read.
  @Test(arguments: ["ecm", "cvm"]) func readsOneServiceAlone(service: String) async throws {
    let world = ReadWorld(EmulatedCloud(configuration: Configuration(seed: 1, startedAt: Trial.epoch)))
    let snapshot = try await AccountReader(ReadOnlyWorld(world), services: [service]).snapshot()
    #expect(!world.sent.isEmpty && world.sent.allSatisfy { $0.service == service })
    _ = try EmulatedCloud(snapshot, account: "copy", seed: 7, speed: 1)
  }

  @Test func nothingButReadsPasses() async {
    let world = ReadWorld(EmulatedCloud(configuration: Configuration(seed: 1, startedAt: Trial.epoch)))
    let gate = ReadOnlyWorld(world)
    let names = Catalog.serviceNames.flatMap { service in
      (Catalog.service(service)?.actionNames ?? []).map { ActionID(service, $0) }
    }
    for action in names {
      guard Catalog.meaning(action)?.effect != .read else { continue }
      guard case .unreachable = await gate.send(CloudCall(action, region: "ap-guangzhou", [:])) else {
        Issue.record("\(action) passed")
        continue
      }
    }
    #expect(names.count > 150)
    #expect(world.sent.isEmpty)
  }

  /// A dry run passes where it is asked for, of an action that knows it, and only when it says that it is one.
  @Test func dryRunsPassWhereTheyAreAskedFor() async {
    let world = ReadWorld(EmulatedCloud(configuration: Configuration(seed: 1, startedAt: Trial.epoch)))
    let dry = CloudCall("cvm.CreateLaunchTemplate", region: "ap-guangzhou", ["DryRun": true])
    let calls = [
      dry, CloudCall("cvm.CreateLaunchTemplate", region: "ap-guangzhou", ["DryRun": false]),
      CloudCall("ecm.CreateVpc", ["DryRun": true]),
    ]
    for call in calls { _ = await ReadOnlyWorld(world).send(call) }
    #expect(world.sent.isEmpty)
    for call in calls { _ = await ReadOnlyWorld(world, allowsDryRuns: true).send(call) }
    #expect(world.sent == [dry.action])
  }

  /// A plan of the account as it is sends reads only, and says what a run there does.
  @Test(arguments: zip(["ecm/image/bake_image", "cvm/image/clone_instance"], ["proof", "copy"]))
  func planningLiveOnlyReads(path: String, last: String) async throws {
    let served = try await ServedRecipe(ShippedRecipe(path))
    let before = try await served.inventory()
    let text = try await served.live(["plan"], ["--format", "json", "--latency", "2ms"])
    let plan = try JSON.parse(text)
    #expect(plan.asRecord?["status"] == "succeeded")
    let steps = (plan.asRecord?["steps"]?.asList ?? []).compactMap { $0.asRecord?["step"]?.asText }
    #expect(steps.contains(last))
    // The instance is there: nothing of it is assumed.
    #expect(!text.contains("\"assumed\""))
    let counts = try await served.callCounts()
    #expect(!counts.isEmpty)
    for action in counts.keys.sorted() { #expect(Catalog.meaning(ActionID(action))?.effect == .read, "\(action)") }
    #expect(try await served.inventory() == before)
    try await served.stop()
  }
}

/// A cloud in the process that is asked as an account is.
private final class ReadWorld: World {
  private struct State {
    var cloud: EmulatedCloud
    var now: Instant
    var sent: [ActionID] = []
  }
  let account: String
  private let state: Mutex<State>

  init(_ cloud: EmulatedCloud, account: String = ShippedRecipe.account) {
    self.account = account
    state = Mutex(State(cloud: cloud, now: cloud.instant))
  }

  var sent: [ActionID] { state.withLock { $0.sent } }
  func now() -> Instant { state.withLock { $0.now } }
  func sleep(until: Instant) async { state.withLock { $0.now = max($0.now, until) } }

  func send(_ call: CloudCall) async -> Reply {
    state.withLock { state in
      state.sent.append(call.action)
      var world = SimulatedWorld(cloud: state.cloud, account: account)
      let (reply, latency) = world.send(call, at: state.now)
      state.cloud = world.cloud
      state.now = state.now + latency
      return reply
    }
  }
}

import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import TestSupport
import Testing
import Values

/// Attempts, deadlines and approvals of a runbook in the simulated world: with any fault at any call, and through a
/// crash at any record.
@Suite struct FailureHandlingTests {
  private static let text = """
    runbook t.failure 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    inputs {
      zones: [ecm.Zone] = ["ap-hangzhou-ecm-1", "ap-hangzhou-ecm-2"]
    }

    let net = ecm.CreateVpc(VpcName: "base", CidrBlock: 10.20.0.0/16)

    let subnets = parallel each zone in zones {
      let made = attempt {
        let first = ecm.CreateSubnet(
          VpcId: net.Vpc.VpcId,
          SubnetName: "first",
          CidrBlock: subnet(10.20.0.0/16, prefix: 24, index: index_of(zones, zone)),
          Zone: zone,
        )
        assert zone == "ap-hangzhou-ecm-1" else "not in this zone"
        give first.Subnet.SubnetId
      } rescue err {
        let second = ecm.CreateSubnet(
          VpcId: net.Vpc.VpcId,
          SubnetName: "second",
          CidrBlock: subnet(10.20.0.0/16, prefix: 24, index: 10 + index_of(zones, zone)),
          Zone: zone,
        )
        notify "${zone}: ${err.code} ${err.message}" to "#ops"
        give second.Subnet.SubnetId
      } always {
        ecm.CreateSecurityGroup(GroupName: "for ${zone}", GroupDescription: "owed")
      }
      give made
    }

    attempt {
      timeout 2min {
        ecm.CreateVpc(VpcName: "kept", CidrBlock: 10.30.0.0/16)
        wait ecm.DescribeVpcs() until count(it.VpcSet) > 99 every 5s within 10min
      }
    } rescue err keep {
      assert err.code == "Timeout"
    }

    approve "Go on with ${count(subnets)} subnets?" not requester, within 30min {
      ecm.CreateVpc(VpcName: "approved", CidrBlock: 10.40.0.0/16)
    }

    output subnets = subnets
    """

  private static func rehearsal(_ text: String = text) throws -> Rehearsal {
    try Rehearsal(SourceFile(path: "failure.belay", text: text), inputs: [:])
  }

  private static func names(_ lines: [InventoryLine], _ kind: String) -> [String] {
    lines.filter { $0.kind == kind }.map(\.name).sorted()
  }

  @Test func whatIsRescuedIsReplaced() throws {
    let outcome = try Self.rehearsal().run()
    #expect(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
    #expect(Self.names(outcome.after, "Subnet").filter { $0 == "first" || $0 == "second" } == ["first", "second"])
    #expect(outcome.report.attempts.map(\.address.text).sorted() == ["attempt", #"subnets["ap-hangzhou-ecm-2"].made"#])
    #expect(outcome.report.notifications.map(\.notification.text) == ["ap-hangzhou-ecm-2: Failed not in this zone"])
    #expect(outcome.report.outputs.first?.value.asList?.count == 2)
    #expect(Self.names(outcome.after, "Vpc").filter { ["base", "kept", "approved"].contains($0) }.count == 3)
  }

  @Test(arguments: [false, true])
  func itGoesOnFromAnyRecord(afterSending: Bool) throws {
    let rehearsal = try Self.rehearsal()
    let whole = try rehearsal.run()
    for count in 1...whole.records.count {
      let outcome = try rehearsal.runThroughCrash(.init(recordCount: count, afterSending: afterSending))
      let why: Comment = "crash at record \(count): \(outcome.status) \(outcome.report.failure?.message ?? "")"
      #expect(outcome.status == .succeeded, why)
      #expect(Self.kindsAndNames(outcome.after) == Self.kindsAndNames(whole.after), why)
      #expect(outcome.report.notifications.count == 1, why)
    }
  }

  private static func kindsAndNames(_ lines: [InventoryLine]) -> [String] {
    lines.map { "\($0.kind) \($0.name)" }.sorted()
  }

  @Test(arguments: [false, true])
  func theWayBackGoesOnFromAnyRecord(afterSending: Bool) throws {
    let rehearsal = try Self.rehearsal(Self.text + "\nfail \"at the end\"\n")
    let whole = try rehearsal.run()
    #expect(whole.status == .rolledBack && whole.after == whole.before)
    for count in stride(from: 2, through: whole.records.count, by: 2) {
      let outcome = try rehearsal.runThroughCrash(.init(recordCount: count, afterSending: afterSending))
      let why: Comment = "crash at record \(count): \(outcome.status) \(outcome.left)"
      #expect(outcome.status == .rolledBack, why)
      #expect(outcome.after == outcome.before, why)
    }
  }

  private static let frames = """
    runbook t.frames 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    recipe group(name: Text) {
      let mark = "group ${name}"
      let made = ecm.CreateSecurityGroup(GroupName: mark, GroupDescription: "of ${mark}")
      assert name != "bad" else "no ${mark}"
      give made.SecurityGroup.SecurityGroupName
    }

    recipe through(name: Text) {
      let mark = "through"
      let made = group(name)
      give "${mark} ${made}"
    }

    recipe around(name: Text) {
      let mark = "around ${name}"
      let made = attempt {
        let inner = through(name)
        give inner
      } rescue err {
        let own = ecm.CreateSecurityGroup(GroupName: mark, GroupDescription: err.message)
        give own.SecurityGroup.SecurityGroupName
      } always {
        ecm.CreateVpc(VpcName: "owed by ${mark}", CidrBlock: 10.30.0.0/16)
      }
      give "${mark}: ${made}"
    }

    let mark = "run"
    let bad = around("bad")
    let good = around("good")
    let top = attempt {
      let inner = through("bad")
      give inner
    } rescue err {
      give "${mark} ${err.message}"
    }
    output all = [bad, good, top, mark]
    """

  @Test(arguments: [false, true])
  func aRescueSeesItsOwnNamesAgain(afterSending: Bool) throws {
    let rehearsal = try Self.rehearsal(Self.frames)
    let whole = try rehearsal.run()
    let wanted: Value = ["around bad: around bad", "around good: through group good", "run no group bad", "run"]
    #expect(whole.report.outputs.first?.value == wanted)
    #expect(Self.names(whole.after, "SecurityGroup").filter { $0 != "default" } == ["around bad", "group good"])
    #expect(Self.names(whole.after, "Vpc").suffix(2) == ["owed by around bad", "owed by around good"])
    for count in 1...whole.records.count {
      let outcome = try rehearsal.runThroughCrash(.init(recordCount: count, afterSending: afterSending))
      let why: Comment = "crash at record \(count): \(outcome.status) \(outcome.report.failure?.message ?? "")"
      #expect(outcome.report.outputs.first?.value == wanted, why)
      #expect(Self.kindsAndNames(outcome.after) == Self.kindsAndNames(whole.after), why)
    }
  }

  @Test(arguments: ["refused=FailedOperation.X", "lost-after-effect", "server-error"])
  func everyFaultAtEveryChange(kind: String) throws {
    let rehearsal = try Self.rehearsal()
    var counts: [ActionID: Int] = [:]
    for step in try rehearsal.run().changes {
      guard let action = step.action else { continue }
      counts[action, default: 0] += 1
      let text = "\(action):\(counts[action, default: 0]):\(kind)"
      let outcome = try rehearsal.run(faults: [Fault(parsing: text)])
      let why: Comment = "\(text): \(outcome.status) \(outcome.report.failure?.message ?? "") \(outcome.left)"
      switch outcome.status {
      case .succeeded: continue
      case .rolledBack: #expect(outcome.after == outcome.before, why)
      // An 'always' that is refused on the way back cannot be done again.
      case .needsAttention: #expect(!outcome.report.failedAlways.isEmpty && outcome.after == outcome.before, why)
      case .running, .undoing, .waiting: Issue.record(why)
      }
    }
  }

  @Test func cancelledAtAnySecondItLeavesNothing() throws {
    let rehearsal = try Self.rehearsal()
    let whole = try rehearsal.run().elapsed
    var at = Duration.zero
    while at < whole {
      let outcome = try rehearsal.run(cancelAfter: at)
      #expect(outcome.status == .rolledBack && outcome.after == outcome.before, "cancelled after \(at.watchText)")
      at += .milliseconds(701)
    }
  }
}

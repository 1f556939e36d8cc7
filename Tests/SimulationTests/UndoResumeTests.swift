import CloudCatalog
import CloudEmulator
import Diagnostics
import RunEngine
import TestSupport
import Testing
import Values

/// An undo of several calls, of which the later ones need what the first one made: it is taken up at any record without
/// making anything a second time.
@Suite struct UndoResumeTests {
  private static let text = """
    runbook test.route_table 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    let net = ecm.CreateVpc(VpcName: "x", CidrBlock: 10.0.0.0/16)
    let table = ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "t")
    ecm.CreateRoutes(
      RouteTableId: table.RouteTable.RouteTableId,
      Routes: [{ DestinationCidrBlock: 192.168.0.0/16, GatewayType: "NORMAL_CVM", GatewayId: "10.0.0.9" }],
    )
    commit "the table is there"
    ecm.DeleteRouteTable(RouteTableId: table.RouteTable.RouteTableId)
    fail "no"

    """

  @Test(arguments: [false, true]) func whatIsRemadeIsMadeOnce(afterSending: Bool) throws {
    let rehearsal = try Rehearsal(SourceFile(path: "table.belay", text: Self.text), inputs: [:])
    let whole = try rehearsal.run()
    #expect(whole.status == .rolledBack, "\(whole.left)")
    let undo = whole.records.filter { $0.kind == "undo-intent" }
    #expect(undo.count == 2, "the undo makes the table and its routes")
    let began = try #require(whole.records.firstIndex { $0.kind == "undo-began" })
    for count in (began + 1)...whole.records.count {
      let outcome = try rehearsal.runThroughCrash(.init(recordCount: count, afterSending: afterSending))
      let why: Comment = "crash at record \(count): \(outcome.status) \(outcome.left)"
      #expect(outcome.status == .rolledBack, why)
      #expect(outcome.after.map(\.kind).sorted() == whole.after.map(\.kind).sorted(), why)
    }
  }
}

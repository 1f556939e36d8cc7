import Testing
import Values

@testable import CloudCatalog
@testable import RunEngine

@Suite struct ProbeVerdictTests {
  private static func text(
    _ probe: Probe, _ answer: Value, before: Value = .null, claimed: Set<Value> = [], inDoubt: [Int] = [],
    seenBefore: [Value: Int] = [:], isPatient: Bool = true, arguments: Record = [:]
  ) -> String {
    var context = TemplateContext()
    context.arguments = arguments
    var siblings = CallActivity.Siblings()
    siblings.claimed = claimed
    siblings.needs = inDoubt
    siblings.seenBefore = seenBefore
    switch ProbeVerdict(
      probe: probe, answer: answer, known: Set(ProbeVerdict.ids(probe, before)), siblings: siblings,
      isPatient: isPatient, context: context)
    {
    case .tookEffect(let result): return JSON.print(.record(result))
    case .absent: return "absent"
    case .partial: return "partial"
    case .othersFirst: return "others first"
    case .ambiguous: return "ambiguous"
    }
  }

  private static func probe(_ change: (inout Probe) -> Void = { _ in }) -> Probe {
    var probe = Probe(
      read: Read("ecm.DescribeVpcs", []), rows: "Set[]",
      adopt: [("Ids", .found("rows[].Id")), ("One", .found("row.Id"))])
    change(&probe)
    return probe
  }

  @Test func matching() {
    let probe = Self.probe { $0.match = [("Name", .argument("Name")), ("Kind", .argument("Kinds"))] }
    let answer: Value = [
      "Set": [["Id": 1, "Name": "a", "Kind": "x"], ["Id": 2, "Name": "b", "Kind": "x"], ["Id": 3]]
    ]
    #expect(Self.text(probe, answer, arguments: ["Name": "a", "Kinds": ["x", "y"]]) == #"{"Ids":[1],"One":1}"#)
    #expect(Self.text(probe, answer, arguments: ["Name": "a", "Kinds": ["y"]]) == "absent")
    // What was not asked for is not compared.
    #expect(Self.text(probe, answer, arguments: ["Name": "b"]) == #"{"Ids":[2],"One":2}"#)
    #expect(Self.text(probe, ["Set": .null]) == "absent")
    #expect(Self.text(probe, .empty) == "absent")
    #expect(Self.text(probe, answer) == "ambiguous")
  }

  @Test func counting() {
    let answer: Value = ["Set": [["Id": 1], ["Id": 2]]]
    let counted = { (count: Probe.Count, arguments: Record) in
      Self.text(Self.probe { $0.count = count }, answer, arguments: arguments)
    }
    #expect(counted(.one, [:]) == "ambiguous")
    #expect(counted(.number("N"), ["N": 2]) == #"{"Ids":[1,2],"One":1}"#)
    #expect(counted(.number("N"), ["N": 3]) == "partial")
    #expect(counted(.number("N"), [:]) == "ambiguous")
    #expect(counted(.sum("S[].N"), ["S": [["N": 1], ["N": 1]]]) == #"{"Ids":[1,2],"One":1}"#)
    #expect(counted(.elements("E"), ["E": ["a", "b", "c"]]) == "partial")
    #expect(counted(.elements("E"), ["E": ["a", "b"]]) == #"{"Ids":[1,2],"One":1}"#)
  }

  @Test func newRows() {
    let probe = Self.probe { $0.newSince = (Read("ecm.DescribeVpcs", []), "Id") }
    let answer: Value = ["Set": [["Id": 1], ["Id": 2], ["Id": 3], ["Name": "no id"]]]
    #expect(Self.text(probe, answer, before: ["Set": [["Id": 1]]], claimed: [3]) == #"{"Ids":[2],"One":2}"#)
    #expect(Self.text(probe, answer, before: ["Set": [["Id": 1], ["Id": 2], ["Id": 3]]]) == "absent")
    #expect(Self.text(probe, answer, before: ["Set": .null], claimed: [1]) == "ambiguous")
  }

  @Test func newRowsOfSeveralInDoubt() {
    let probe = Self.probe { $0.newSince = (Read("ecm.DescribeVpcs", []), "Id") }
    let answer: Value = ["Set": [["Id": 1], ["Id": 2], ["Id": 3]]]
    #expect(Self.text(probe, answer, inDoubt: [1, 1]) == #"{"Ids":[1],"One":1}"#)
    #expect(Self.text(probe, answer, inDoubt: [1]) == "ambiguous")
    // One of the others can only have made 1 or 2: the row that is left to the fewest is taken.
    #expect(Self.text(probe, answer, inDoubt: [1, 1], seenBefore: [3: 1]) == #"{"Ids":[3],"One":3}"#)
    #expect(Self.text(probe, answer, inDoubt: [1, 1], seenBefore: [2: 1, 3: 2]) == #"{"Ids":[3],"One":3}"#)
  }

  /// A pair that one call has made is not taken apart by another that needs one.
  @Test func pairsStayTogether() {
    let probe = Self.probe {
      $0.newSince = (Read("ecm.DescribeVpcs", []), "Id")
      $0.count = .number("N")
    }
    let answer = { (count: Int) -> Value in ["Set": .list((0..<count).map { ["Id": .int($0)] })] }
    #expect(Self.text(probe, answer(2), inDoubt: [2], arguments: ["N": 1]) == "others first")
    #expect(Self.text(probe, answer(2), inDoubt: [1], arguments: ["N": 2]) == #"{"Ids":[0,1],"One":0}"#)
    #expect(Self.text(probe, answer(1), inDoubt: [1], arguments: ["N": 2]) == "others first")
    #expect(Self.text(probe, answer(3), inDoubt: [2], arguments: ["N": 1]) == #"{"Ids":[0],"One":0}"#)
    // When the others do not take it after all, as before: one may be left with half.
    #expect(Self.text(probe, answer(2), inDoubt: [2], isPatient: false, arguments: ["N": 1]) == #"{"Ids":[0],"One":0}"#)
    #expect(Self.text(probe, answer(1), inDoubt: [1], isPatient: false, arguments: ["N": 2]) == "partial")
  }

  @Test func covering() {
    let probe = Self.probe {
      $0.nested = "Targets"
      $0.covers = (.argument("Targets"), ["ListenerId", "Port"])
      $0.adopt = []
    }
    let answer: Value = [
      "Set": [["ListenerId": "l", "Port": 80, "Targets": [["Port": 1], ["Port": 2]]], ["ListenerId": "m"]]
    ]
    let wanted = { (ports: [Value]) -> Record in
      ["Targets": .list(ports.map { ["ListenerId": "l", "Port": $0, "Weight": 5] })]
    }
    #expect(Self.text(probe, answer, arguments: wanted([1, 2])) == "{}")
    #expect(Self.text(probe, answer, arguments: wanted([1, 3])) == "partial")
    #expect(Self.text(probe, answer, arguments: wanted([3])) == "absent")
    #expect(Self.text(probe, answer, arguments: [:]) == "absent")
  }
}

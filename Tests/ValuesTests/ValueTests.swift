import Testing
import Values

@Suite struct ValuePathTests {
  private let value: Value = [
    "Vpc": ["VpcId": "vpc-1"],
    "Set": [["Id": "a", "Ports": [1, 2]], ["Ports": [3]], ["Id": "c", "Ports": .null]],
    "Empty": .null, "Text": "x",
  ]

  private func at(_ path: ValuePath) -> Value? { path.value(in: value) }

  @Test func members() {
    #expect(at("Vpc.VpcId") == "vpc-1")
    #expect(at("Vpc") == ["VpcId": "vpc-1"])
    #expect(at("Vpc.Nothing") == nil)
    #expect(at("Text.Nothing") == nil)
    #expect(at("Empty") == .null)
    #expect(at("") == value)
  }

  @Test func elements() {
    #expect(at("Set[0].Id") == "a")
    #expect(at("Set[1].Id") == nil)
    #expect(at("Set[3]") == nil)
    #expect(at("Empty[0]") == nil)
    #expect(at("Set[0].Ports[1]") == 2)
    #expect(at("Text[0]") == nil)
  }

  @Test func each() {
    #expect(at("Set[].Id") == ["a", "c"])
    #expect(at("Set[].Ports[]") == [1, 2, 3])
    #expect(at("Set[].Ports") == [[1, 2], [3], .null])
    #expect(at("Empty[]") == [])
    #expect(at("Empty[].Id") == [])
    #expect(at("Text[]") == nil)
    #expect(at("Set[]")?.asList?.count == 3)
    #expect(ValuePath("[].Id").value(in: [["Id": 1], ["Id": 2]]) == [1, 2])
    #expect(ValuePath("[][]").value(in: [[1], [2, 3]]) == [1, 2, 3])
  }

  @Test func equality() {
    #expect(ValuePath("A.B[]") == "A.B[]")
    #expect(ValuePath("A.B[]") != "A.B")
    #expect(ValuePath("A[].B[0]").description == "A[].B[0]")
  }
}

@Suite struct RecordTests {
  @Test func equalityIgnoresOrder() {
    let a: Record = ["x": 1, "y": ["p": 1, "q": 2]]
    let b: Record = ["y": ["q": 2, "p": 1], "x": 1]
    #expect(a == b)
    #expect(a.hashValue == b.hashValue)
    #expect(Set([Value.record(a), .record(b)]).count == 1)
    #expect(a != ["x": 1])
    #expect(["x": 1] as Record != a)
    #expect(["x": 1, "z": 2] as Record != ["x": 1, "y": 2])
    #expect(["x": .null] as Record != [:])
  }

  @Test func orderAndReplacement() {
    let record = Record([("b", 1), ("a", 2), ("b", 3)])
    #expect(record.names == ["b", "a"])
    #expect(record["b"] == 3)
    var changed = record
    changed["b"] = nil
    changed["b"] = 9
    #expect(changed.names == ["a", "b"])
    #expect(record.merging(["a": 7, "c": 8]).names == ["b", "a", "c"])
    #expect(record.merging(["a": 7])["a"] == 7)
    #expect(record.mapValues { _ in 0 } == ["b": 0, "a": 0])
    #expect(Record().isEmpty && record.count == 2)
  }

  @Test func nullCountsAsAnEmptyList() {
    #expect(Value.null.asList == [])
    #expect(Value.text("x").asList == nil)
    #expect(Value.list([1]).asList == [1])
  }
}

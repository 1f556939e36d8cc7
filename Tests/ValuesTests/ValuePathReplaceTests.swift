import Testing
import Values

@Suite struct ValuePathReplaceTests {
  @Test func replacesWhatStandsAtThePathOnly() {
    let value: Value = ["A": [["B": "x", "C": 1], ["C": 2]], "D": "y"]
    #expect(ValuePath("A[].B").replacing(in: value) { _ in "z" } == ["A": [["B": "z", "C": 1], ["C": 2]], "D": "y"])
    #expect(ValuePath("A[1].C").replacing(in: value) { _ in 3 } == ["A": [["B": "x", "C": 1], ["C": 3]], "D": "y"])
    #expect(ValuePath("A[7].C").replacing(in: value) { _ in 3 } == value)
    #expect(ValuePath("E.F").replacing(in: value) { _ in 3 } == value)
  }

  /// Each path finds the same in what is kept as in the whole, and nothing that is on none is there.
  @Test func keepsWhatPathsFind() {
    let whole: Value = [
      "A": [["B": "x", "C": 1, "F": [1, 2]], ["C": 2], 7, .null], "D": ["E": "y", "G": ["H": true]], "I": "z",
    ]
    let sets: [[ValuePath]] = [
      ["A[].B"], ["A[1].C", "D.E"], ["A[0].F[]", "A[].C"], ["D", "D.G.H"], ["A[9].B", "J.K"], ["I[]", "I.L"], [],
    ]
    for paths in sets {
      let kept = ValuePaths(paths).kept(of: whole)
      for path in paths { #expect(path.value(in: kept) == path.value(in: whole), "\(path) of \(paths)") }
    }
    #expect(ValuePaths(["A[1].C", "D.E"]).kept(of: whole) == ["A": [.null, ["C": 2], .null, .null], "D": ["E": "y"]])
    #expect(ValuePaths(["A[].C", "I"]).kept(of: whole) == ["A": [["C": 1], ["C": 2], 7, .null], "I": "z"])
    #expect(ValuePaths([]).kept(of: whole) == [:])
  }
}

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
}

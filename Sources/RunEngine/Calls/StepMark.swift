/// What is put on the things that a step makes: the run, and the step's address as a number, since tags take few
/// letters. Its text is made when it is asked for: most calls carry none.
struct StepMark: Sendable {
  let run: String
  let step: StepAddress
  /// Tells the marks of a step's undo from its own.
  var ending = ""

  var text: String {
    var text = run
    text.reserveCapacity(run.utf8.count + 16 + ending.utf8.count)
    text += "/"
    text += step.fingerprint.inLettersAndDigits
    text += ending
    return text
  }
}

extension UInt64 {
  /// To the base of 36.
  fileprivate var inLettersAndDigits: String {
    var rest = self
    var digits: (UInt64, UInt64) = (0, 0)
    return withUnsafeMutableBytes(of: &digits) { digits in
      var place = digits.count
      repeat {
        place -= 1
        let digit = UInt8(rest % 36)
        digits[place] = digit < 10 ? 48 + digit : 87 + digit
        rest /= 36
      } while rest > 0
      return String(decoding: digits[place...], as: UTF8.self)
    }
  }
}

import Synchronization
import Values

/// The `Date` of answers, made once a second.
final class DateField: Sendable {
  private let made = Mutex<(second: Int64, text: String)>((.min, ""))

  func text(at instant: Instant) -> String {
    made.withLock { made in
      let second = instant.seconds
      if made.second != second { made = (second, DateField.text(instant)) }
      return made.text
    }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  static func text(_ instant: Instant) -> String {
    let parts = instant.plainText.split { "- ".contains($0) }
    let (year, month, day, time) = (parts[0], parts[1], parts[2], parts[3])
    // The first day of 1970 was a Thursday.
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(instant.seconds / 86_400 % 7)]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(weekday), \(day) \(months[(Int(month) ?? 1) - 1]) \(year) \(time) GMT"
  }
}

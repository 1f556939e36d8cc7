/// A point of the world's clock, in milliseconds since 1970-01-01 UTC. Virtual worlds start where they like.
///
/// Public because ``BoxedList``'s kind is, which the engine's agenda belongs to.
public struct Instant: Hashable, Comparable, Sendable {
  public let milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
  package static func + (left: Instant, right: Duration) -> Instant {
    Instant(milliseconds: left.milliseconds + right.milliseconds)
  }
  package static func - (left: Instant, right: Instant) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }
  package static func - (left: Instant, right: Duration) -> Instant {
    Instant(milliseconds: left.milliseconds - right.milliseconds)
  }

  /// Whole seconds since 1970, as the cloud's signatures want them.
  package var seconds: Int64 { milliseconds.floorDivided(by: 1000) }

  /// `YYYY-MM-DDThh:mm:ss.mmmZ`
  package var iso8601: String { text("YYYY-MM-DDThh:mm:ss.nnnZ") }

  /// `YYYY-MM-DD`, UTC.
  package var dateText: String { text("YYYY-MM-DD") }

  /// `YYYY-MM-DD hh:mm:ss`, UTC: what most ECM answers carry.
  package var plainText: String { text("YYYY-MM-DD hh:mm:ss") }

  /// The form, which begins with the year, with each letter replaced by the next digit of its part from the right.
  private func text(_ form: StaticString) -> String {
    var parts = calendar
    // What four digits have no room for stands before them.
    let lead = parts.year < 0 ? "-" : parts.year > 9999 ? String(parts.year / 10_000) : ""
    parts.year = abs(parts.year)
    return lead
      + form.withUTF8Buffer { form in
        String(unsafeUninitializedCapacity: form.count) { letters in
          for place in form.indices.reversed() {
            func digit(_ part: inout Int64) -> UInt8 {
              defer { part /= 10 }
              return UInt8(48 + part % 10)
            }
            letters[place] =
              switch form[place] {
              case UInt8(ascii: "Y"): digit(&parts.year)
              case UInt8(ascii: "M"): digit(&parts.month)
              case UInt8(ascii: "D"): digit(&parts.day)
              case UInt8(ascii: "h"): digit(&parts.hour)
              case UInt8(ascii: "m"): digit(&parts.minute)
              case UInt8(ascii: "s"): digit(&parts.second)
              case UInt8(ascii: "n"): digit(&parts.millisecond)
              default: form[place]
              }
          }
          return form.count
        }
      }
  }

  private struct Calendar {
    var (year, month, day): (Int64, Int64, Int64)
    var (hour, minute, second, millisecond): (Int64, Int64, Int64, Int64)
  }

  /// Days-from-civil, the other way round (proleptic Gregorian calendar).
  private var calendar: Calendar {
    let days = seconds.floorDivided(by: 86_400)
    let rest = seconds - days * 86_400
    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return Calendar(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * monthIndex + 2) / 5 + 1,
      hour: rest / 3600, minute: rest % 3600 / 60, second: rest % 60, millisecond: milliseconds - seconds * 1000)
  }
}

extension Instant {
  /// `YYYY-MM-DD hh:mm:ss`, or with a `T` between them and whatever behind them, as UTC. Nil for anything else.
  package init?(plainText text: String) {
    let parts = text.prefix(19).split { "-T: ".contains($0) }.map { Int64($0) }
    guard text.utf8.count >= 19, parts.count == 6, let year = parts[0], let month = parts[1], let day = parts[2],
      let hour = parts[3], let minute = parts[4], let second = parts[5], (1...9999).contains(year),
      (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute),
      (0...60).contains(second)
    else { return nil }
    // Years begin in March, so that the day of a leap year comes last.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let yearOfEra = shifted - era * 400
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    milliseconds = (days * 86_400 + hour * 3600 + minute * 60 + second) * 1000
  }
}

extension Instant? {
  /// Of both; nil is never.
  package func earliest(_ other: Instant?) -> Instant? {
    guard let self, let other else { return self ?? other }
    return Swift.min(self, other)
  }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    utf8.count < width ? String(repeating: "0", count: width - utf8.count) + self : self
  }
}

extension Duration {
  /// Whole milliseconds, rounded towards zero.
  package var milliseconds: Int64 {
    // One division; the components are two.
    Int64(attoseconds / 1_000_000_000_000_000)
  }

  package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }

  /// As a runbook writes it: `250ms`, `30s`, `15min`, `2h`, `1d`, in the largest unit that is whole.
  package var belayText: String {
    let total = milliseconds
    if total == 0 { return "0s" }
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)] as [(String, Int64)]
    where total % size == 0 {
      return "\(total / size)\(unit)"
    }
    return "\(total)ms"
  }

  /// For people who watch: `0.4s`, `12.3s`, `2m 05s`, `1h 02m`.
  package var watchText: String {
    let tenths = (milliseconds + 50) / 100
    if tenths < 600 { return "\(tenths / 10).\(tenths % 10)s" }
    let seconds = tenths / 10
    if seconds < 3600 { return "\(seconds / 60)m \(String(seconds % 60).leftPadded(2))s" }
    return "\(seconds / 3600)h \(String(seconds % 3600 / 60).leftPadded(2))m"
  }
}

import Foundation
import Testing
import Values

@Suite struct InstantTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (-86_400_000, "1969-12-31T00:00:00.000Z"),
      (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_800_000, "2000-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
      (1_582_934_400_007, "2020-02-29T00:00:00.007Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ] as [(Int64, String)]) func iso8601(_ milliseconds: Int64, _ text: String)
  {
    #expect(Instant(milliseconds: milliseconds).iso8601 == text)
  }

  /// Foundation's calendar says the same on every day of a few centuries (and on each side of midnight).
  @Test func agreesWithFoundation() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for day in stride(from: -60_000, through: 60_000, by: 37) {
      for edge in [0, 86_399] {
        let seconds = Int64(day) * 86_400 + Int64(edge)
        let parts = calendar.dateComponents(
          [.year, .month, .day], from: Date(timeIntervalSince1970: TimeInterval(seconds)))
        let pad = { (value: Int?) in String(100 + (value ?? 0)).dropFirst() }
        let expected = "\(parts.year ?? 0)-\(pad(parts.month))-\(pad(parts.day))"
        #expect(Instant(milliseconds: seconds * 1000).dateText == expected, "day \(day)")
      }
    }
  }

  @Test func secondsRoundDown() {
    #expect(Instant(milliseconds: -1).seconds == -1)
    #expect(Instant(milliseconds: -1000).seconds == -1)
    #expect(Instant(milliseconds: 999).seconds == 0)
    #expect(Instant(milliseconds: 1_551_113_065_000).dateText == "2019-02-25")
    #expect(Instant(milliseconds: 1_551_113_065_000).plainText == "2019-02-25 16:44:25")
  }

  @Test func arithmetic() {
    let start = Instant(milliseconds: 1000)
    #expect(start + .milliseconds(5) - start == .milliseconds(5))
    #expect(start - .seconds(2) == Instant(milliseconds: -1000))
    #expect(start < start + .milliseconds(1))
    // Parts of a millisecond are cut off.
    #expect(start + .microseconds(1999) == Instant(milliseconds: 1001))
  }
}

@Suite struct DurationTextTests {
  @Test(
    arguments: [
      (.zero, "0s"), (.milliseconds(250), "250ms"), (.seconds(30), "30s"), (.seconds(90), "90s"),
      (.minutes(15), "15min"),
      (.seconds(3600), "1h"), (.minutes(90), "90min"), (.seconds(86_400), "1d"), (.seconds(36 * 3600), "36h"),
      (.milliseconds(1500), "1500ms"), (.seconds(-30), "-30s"), (.milliseconds(-1), "-1ms"),
    ] as [(Duration, String)]) func belayText(_ duration: Duration, _ text: String)
  {
    #expect(duration.belayText == text)
  }

  @Test(
    arguments: [
      (.zero, "0.0s"), (.milliseconds(49), "0.0s"), (.milliseconds(50), "0.1s"), (.milliseconds(12_340), "12.3s"),
      (.milliseconds(59_949), "59.9s"), (.milliseconds(59_950), "1m 00s"), (.seconds(125), "2m 05s"),
      (.milliseconds(3_599_949), "59m 59s"), (.milliseconds(3_599_950), "1h 00m"), (.seconds(3720), "1h 02m"),
      (.seconds(100 * 3600), "100h 00m"),
    ] as [(Duration, String)]) func watchText(_ duration: Duration, _ text: String)
  {
    #expect(duration.watchText == text)
  }

  @Test func milliseconds() {
    #expect(Duration.seconds(2).milliseconds == 2000)
    #expect(Duration.microseconds(1999).milliseconds == 1)
    #expect(Duration.microseconds(-1999).milliseconds == -1)
  }
}

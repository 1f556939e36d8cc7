import Values

/// How the books want some texts written.
enum ParameterFormat: String {
  case base64, cidr, date, month, datetime, iso8601

  func fits(_ text: String) -> Bool {
    switch self {
    case .base64: CvmLogin.isBase64(text)
    case .cidr: CIDR(text) != nil
    case .date: Instant(plainText: "\(text) 00:00:00") != nil
    case .month: Instant(plainText: "\(text)-01 00:00:00") != nil
    case .datetime: Instant(plainText: text) != nil
    case .iso8601: Instant(cvmText: text) != nil
    }
  }

  var words: String {
    switch self {
    case .base64: "Base64"
    case .cidr: "a CIDR block"
    case .date: "YYYY-MM-DD"
    case .month: "YYYY-MM"
    case .datetime: "YYYY-MM-DD hh:mm:ss"
    case .iso8601: "a time of ISO 8601"
    }
  }

  /// The codes that pages print for another writing, the most particular first.
  var codes: [String] {
    switch self {
    case .base64: ["InvalidParameterValue.InvalidUserDataFormat"]
    case .cidr: ["InvalidParameterValue.Malformed"]
    case .date, .month, .datetime, .iso8601:
      [
        "InvalidParameterValue.InvalidTime", "InvalidParameterValue.InvalidTimeFormat",
        "InvalidParameterValue.Malformed",
      ]
    }
  }
}

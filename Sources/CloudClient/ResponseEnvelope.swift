import CloudCatalog
import Values

/// Reads what the cloud answers: `{"Response": {…, "RequestId": "…"}}`, with `Error` among the members when it refused.
enum ResponseEnvelope {
  /// An answer that cannot be understood leaves open whether the call took effect.
  static func outcome(of call: ActionID, status: Int, body: [UInt8]) -> CallOutcome {
    let response: Record
    do throws(JSON.Problem) {
      guard let members = try JSON.parse(body).asRecord?["Response"]?.asRecord else {
        return .unknown("the answer to \(call) (HTTP \(status)) has no envelope 'Response'")
      }
      response = members
    } catch {
      if status != 200 { return .unknown("the answer to \(call) is HTTP \(status) without an envelope") }
      return .unknown("the answer to \(call) is not JSON: \(error)")
    }
    let requestID = response["RequestId"]?.asText ?? ""
    if let error = response["Error"], !error.isNull { return refusal(of: call, error, requestID) }
    guard status == 200 else { return .unknown("the answer to \(call) is HTTP \(status) without an error in it") }
    // Every answer of the cloud has one, and it is the task's id of some calls.
    guard !requestID.isEmpty else { return .unknown("the answer to \(call) has no RequestId") }
    return .done(Record(response.filter { $0.key != "RequestId" }.map { ($0.key, $0.value) }), requestID: requestID)
  }

  private static func refusal(of call: ActionID, _ error: Value, _ requestID: String) -> CallOutcome {
    guard let code = error.asRecord?["Code"]?.asText, !code.isEmpty else {
      return .unknown("the answer to \(call) has an error without a code (RequestId \(requestID))")
    }
    let message = error.asRecord?["Message"]?.asText ?? ""
    let refusal = CloudError(code: code, message: message, requestID: requestID)
    switch refusal.kind {
    case .server: return .unknown("\(code): \(message) (RequestId \(requestID))")
    case .throttled, .busy, .dependency, .stock, .clock, .gone, .caller: return .refused(refusal)
    }
  }
}

extension CallOutcome {
  /// The same with the given texts masked in what people will read; the cloud may quote an argument in its message.
  func concealing(_ secrets: [String]) -> CallOutcome {
    switch self {
    case .done: self
    case .refused(let error):
      .refused(
        CloudError(code: error.code, message: error.message.concealing(secrets), requestID: error.requestID))
    case .unknown(let reason): .unknown(reason.concealing(secrets))
    }
  }
}

extension String {
  /// Longer texts first, so that one that contains another goes as a whole.
  func concealing(_ secrets: [String]) -> String {
    secrets.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
      .reduce(self) { $0.replacing($1, with: Secret.mask) }
  }
}

extension Value {
  /// The texts of all secrets in the value.
  var secretTexts: [String] {
    switch self {
    case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr: []
    case .secret(let secret): [secret.text]
    case .list(let elements): elements.flatMap(\.secretTexts)
    case .record(let record): record.flatMap(\.value.secretTexts)
    }
  }
}

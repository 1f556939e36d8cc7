import CloudCatalog
import CloudEmulator
import Values

/// Turns an HTTP request into a request to the cloud: protocol, size, signature, version, parameters, in this order.
/// Every way in which a request may be signed and carry its parameters is a case of ``Form``.
struct Gate: Sendable {
  let credentials: [String: Credential]

  static let maximumBody = 10 * 1024 * 1024
  /// How far a signature's time may be from the cloud's.
  static let maximumSkew = Duration.seconds(300)

  /// How parameters come and are signed.
  private enum Form {
    /// `POST` with a JSON body, signed by TC3-HMAC-SHA256.
    case json
  }

  func admit(_ request: WireRequest, now: Instant) throws(WireRefusal) -> CloudRequest {
    switch try form(of: request) {
    case .json: try admitJSON(request, now: now)
    }
  }

  private func form(of request: WireRequest) throws(WireRefusal) -> Form {
    guard request.method == "POST" else {
      throw WireRefusal("UnsupportedProtocol", "The emulator takes POST requests; this is \(request.method).")
    }
    guard request.mediaType == "application/json" else {
      throw WireRefusal("UnsupportedProtocol", "The emulator takes application/json; this is '\(request.mediaType)'.")
    }
    return .json
  }

  private func admitJSON(_ request: WireRequest, now: Instant) throws(WireRefusal) -> CloudRequest {
    guard request.body.count <= Gate.maximumBody else {
      throw WireRefusal("RequestSizeLimitExceeded", "A request has at most 10 MB.")
    }
    let authorization = try TC3Authorization(parsing: request.header("authorization"))
    let credential = try authenticate(request, authorization, now: now)
    let action = try required("X-TC-Action", "Action", request)
    let version = try required("X-TC-Version", "Version", request)
    guard let catalog = Catalog.service(authorization.service) else {
      throw WireRefusal("NoSuchProduct", "There is no product '\(authorization.service)'.")
    }
    guard version == catalog.version else {
      throw WireRefusal("NoSuchVersion", "The version of \(catalog.name) is \(catalog.version), not '\(version)'.")
    }
    return CloudRequest(
      account: credential.account, action: ActionID(catalog.name, action), region: request.headers["x-tc-region"],
      try parameters(request.body))
  }

  private func authenticate(
    _ request: WireRequest, _ authorization: TC3Authorization, now: Instant
  ) throws(WireRefusal) -> Credential {
    guard let credential = credentials[authorization.secretID] else {
      throw WireRefusal("AuthFailure.SecretIdNotFound", "The SecretId is not known.")
    }
    let stamp = try required("X-TC-Timestamp", "Timestamp", request)
    guard let seconds = Int64(stamp), (0...253_402_300_799).contains(seconds) else {
      throw WireRefusal("InvalidParameterValue", "X-TC-Timestamp must be seconds since 1970.")
    }
    let signed = Instant(milliseconds: seconds * 1000)
    guard abs(seconds - now.seconds) <= Gate.maximumSkew.milliseconds / 1000 else {
      throw WireRefusal("AuthFailure.SignatureExpire", "The signature's time is more than 5 minutes off.")
    }
    guard authorization.date == signed.dateText,
      TC3Signature.isValid(request, authorization, secretKey: credential.secretKey)
    else {
      throw WireRefusal("AuthFailure.SignatureFailure", "The signature does not fit the request.")
    }
    return credential
  }

  private func required(_ header: String, _ parameter: String, _ request: WireRequest) throws(WireRefusal) -> String {
    guard let value = request.headers[header.lowercased()], !value.isEmpty else {
      throw WireRefusal("MissingParameter", "The common parameter \(parameter) (header \(header)) is missing.")
    }
    return value
  }

  private func parameters(_ body: [UInt8]) throws(WireRefusal) -> Record {
    if body.isEmpty { return Record() }
    do throws(JSON.Problem) {
      if let record = try JSON.parse(body).asRecord { return record }
    } catch {
      throw WireRefusal("InvalidParameter", "The body is not JSON: \(error).")
    }
    throw WireRefusal("InvalidParameter", "The body is not a JSON object.")
  }
}

import CloudCatalog
import CloudEmulator
import Values

/// Turns an HTTP request into a request to the cloud: protocol, size, signature, version, parameters, in this order.
/// Every way in which a request may be signed and carry its parameters is a case of ``Form``.
struct Gate: Sendable {
  let credentials: [String: Credential]
  private let keys = SigningKeys()

  init(credentials: [String: Credential]) { self.credentials = credentials }

  /// Of a request signed by TC3-HMAC-SHA256.
  static let maximumBody = 10 * 1024 * 1024
  /// Of a form, which is signed by version 1.
  static let maximumForm = 1024 * 1024
  /// Of what stands after the question mark of a GET.
  static let maximumQuery = 32 * 1024
  /// How far a signature's time may be from the cloud's.
  static let maximumSkew = Duration.seconds(300)

  /// How parameters come and are signed.
  private enum Form {
    /// `POST` with a JSON body, signed by TC3-HMAC-SHA256.
    case json
    /// `GET` with the parameters in the query, signed by TC3-HMAC-SHA256.
    case query
    /// `GET` with the parameters, the common ones and the signature in the query.
    case signedQuery
    /// `POST` with the same in the body.
    case signedForm
  }

  func admit(_ request: WireRequest, now: Instant) throws(WireRefusal) -> CloudRequest {
    let form = try form(of: request)
    try checkSize(request, form)
    return switch form {
    case .json, .query: try admitTC3(request, form, now: now)
    case .signedQuery: try admitV1(request, request.query, now: now)
    case .signedForm: try admitV1(request, String(decoding: request.body, as: UTF8.self), now: now)
    }
  }

  private func form(of request: WireRequest) throws(WireRefusal) -> Form {
    let type = request.mediaType
    switch request.method {
    case "GET":
      guard type.isEmpty || type == "application/x-www-form-urlencoded" else {
        throw WireRefusal(
          "UnsupportedProtocol", "A GET request is application/x-www-form-urlencoded; this is '\(type)'.")
      }
      return request.header("authorization").isEmpty ? .signedQuery : .query
    case "POST": return try formOfPost(request, type)
    default: throw WireRefusal("UnsupportedProtocol", "Only GET and POST are supported; this is \(request.method).")
    }
  }

  private func formOfPost(_ request: WireRequest, _ type: String) throws(WireRefusal) -> Form {
    switch type {
    case "application/json": return .json
    case "application/x-www-form-urlencoded":
      guard request.header("authorization").isEmpty else {
        throw WireRefusal("UnsupportedProtocol", "A form is signed by HmacSHA1 or HmacSHA256, within the form.")
      }
      return .signedForm
    case "multipart/form-data":
      throw WireRefusal("UnsupportedProtocol", "No action of ECM and CVM takes multipart/form-data.")
    default: throw WireRefusal("UnsupportedProtocol", "The cloud takes application/json; this is '\(type)'.")
    }
  }

  private func checkSize(_ request: WireRequest, _ form: Form) throws(WireRefusal) {
    let (size, limit, words) =
      switch form {
      case .json: (request.body.count, Gate.maximumBody, "10 MB")
      case .signedForm: (request.body.count, Gate.maximumForm, "1 MB when it is signed by version 1")
      case .query, .signedQuery: (request.query.utf8.count, Gate.maximumQuery, "32 KB when it is a GET")
      }
    guard size <= limit else { throw WireRefusal("RequestSizeLimitExceeded", "A request has at most \(words).") }
  }

  // MARK: Version 3

  private func admitTC3(_ request: WireRequest, _ form: Form, now: Instant) throws(WireRefusal) -> CloudRequest {
    let authorization = try TC3Authorization(parsing: request.header("authorization"))
    let credential = try credential(authorization.secretID)
    let signed = try signingTime(try required("x-tc-timestamp", "Timestamp", request), now: now)
    guard authorization.date == signed.dateText,
      TC3Signature.isValid(request, authorization, secretKey: credential.secretKey, keys: keys)
    else { throw Gate.wrongSignature }
    try checkToken(request.header("x-tc-token"), credential)
    let action = try required("x-tc-action", "Action", request)
    let version = try required("x-tc-version", "Version", request)
    guard let service = Catalog.service(authorization.service) else {
      throw WireRefusal("NoSuchProduct", "There is no product '\(authorization.service)'.")
    }
    try check(version, of: service)
    let parameters =
      switch form {
      case .query, .signedQuery: try parameters(try fields(request.query), service, action)
      case .json, .signedForm: try parameters(request.body)
      }
    return CloudRequest(
      account: credential.account, action: ActionID(service.name, action), region: request.headers["x-tc-region"],
      parameters)
  }

  private func required(_ header: String, _ parameter: String, _ request: WireRequest) throws(WireRefusal) -> String {
    guard let value = request.headers[header], !value.isEmpty else {
      throw WireRefusal("MissingParameter", "The common parameter \(parameter) (header X-TC-\(parameter)) is missing.")
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

  // MARK: Version 1

  /// The common parameters of version 1, which are not the action's.
  private static let common: Set = [
    "Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token",
    "Language", "RequestClient",
  ]

  private func admitV1(_ request: WireRequest, _ text: String, now: Instant) throws(WireRefusal) -> CloudRequest {
    let fields = try fields(text)
    let credential = try credential(try required("SecretId", fields))
    _ = try signingTime(try required("Timestamp", fields), now: now)
    guard Int64(try required("Nonce", fields)).map({ $0 > 0 }) ?? false else {
      throw WireRefusal("InvalidParameterValue", "Nonce must be a positive whole number.")
    }
    _ = try required("Signature", fields)
    guard
      V1Signature.isValid(
        fields, method: request.method, host: request.header("host"), secretKey: credential.secretKey)
    else { throw Gate.wrongSignature }
    try checkToken(fields["Token"] ?? "", credential)
    let action = try required("Action", fields)
    let service = try service(host: request.header("host"), version: try required("Version", fields))
    return CloudRequest(
      account: credential.account, action: ActionID(service.name, action), region: fields["Region"],
      try parameters(fields, service, action))
  }

  private func required(_ parameter: String, _ fields: FormFields) throws(WireRefusal) -> String {
    guard let value = fields[parameter], !value.isEmpty else {
      throw WireRefusal("MissingParameter", "The common parameter \(parameter) is missing.")
    }
    return value
  }

  private func fields(_ text: String) throws(WireRefusal) -> FormFields {
    guard let fields = FormFields(text) else {
      throw WireRefusal("InvalidParameter", "The parameters are not percent-encoded UTF-8.")
    }
    if let name = fields.repeated { throw WireRefusal("InvalidParameter", "The parameter '\(name)' is given twice.") }
    return fields
  }

  private func parameters(
    _ fields: FormFields, _ service: ServiceCatalog, _ action: String
  ) throws(WireRefusal) -> Record {
    try FormParameters(service: service).record(fields.without(Gate.common), of: service.action(action))
  }

  /// By the first label of the host: `ecm.`, also with a region or `intl` after it. Another host, such as an address,
  /// leaves it to the version.
  private func service(host: String, version: String) throws(WireRefusal) -> ServiceCatalog {
    let label = host.prefix { $0 != "." && $0 != ":" }.lowercased()
    if let service = Catalog.service(label) {
      try check(version, of: service)
      return service
    }
    let name = host.prefix { $0 != ":" }.lowercased()
    guard !name.hasSuffix(".tencentcloudapi.com") else {
      throw WireRefusal("NoSuchProduct", "There is no product '\(label)'.")
    }
    guard let service = Catalog.serviceNames.lazy.compactMap(Catalog.service).first(where: { $0.version == version })
    else { throw WireRefusal("NoSuchVersion", "No product has the version '\(version)'.") }
    return service
  }

  // MARK: Both versions

  private static let wrongSignature = WireRefusal(
    "AuthFailure.SignatureFailure", "The signature does not fit the request.")

  private func credential(_ secretID: String) throws(WireRefusal) -> Credential {
    guard let credential = credentials[secretID] else {
      throw WireRefusal("AuthFailure.SecretIdNotFound", "The SecretId is not known.")
    }
    return credential
  }

  private func signingTime(_ stamp: String, now: Instant) throws(WireRefusal) -> Instant {
    guard let seconds = Int64(stamp), (0...253_402_300_799).contains(seconds) else {
      throw WireRefusal("InvalidParameterValue", "Timestamp must be seconds since 1970.")
    }
    guard abs(seconds - now.seconds) <= Gate.maximumSkew.milliseconds / 1000 else {
      throw WireRefusal("AuthFailure.SignatureExpire", "The signature's time is more than 5 minutes off.")
    }
    return Instant(milliseconds: seconds * 1000)
  }

  /// A temporary key goes with its token, and a token with a temporary key.
  private func checkToken(_ token: String, _ credential: Credential) throws(WireRefusal) {
    guard token == credential.token ?? "" else {
      throw WireRefusal(
        "AuthFailure.TokenFailure",
        credential.token == nil ? "This key is not temporary: it has no token." : "The token is missing or wrong.")
    }
  }

  private func check(_ version: String, of service: ServiceCatalog) throws(WireRefusal) {
    guard version == service.version else {
      throw WireRefusal("NoSuchVersion", "The version of \(service.name) is \(service.version), not '\(version)'.")
    }
  }
}

import CloudCatalog
import Values

/// How calls are signed.
package enum Signing: Hashable, Sendable {
  package enum Method: String, Sendable, CaseIterable { case post, get }
  /// TC3-HMAC-SHA256 over a JSON body.
  case tc3
  /// The older signature among the parameters, in a form or in a query.
  case form(FormSigner.Algorithm, Method)
}

/// One call as it goes out.
struct SignedRequest: Sendable {
  var path = "/"
  var method = Signing.Method.post
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  /// `nonce` is positive and differs from call to call; only the older signatures use it.
  init(_ call: CloudCall, _ signing: Signing, _ credentials: Credentials, host: String, nonce: Int, at now: Instant) {
    switch signing {
    case .tc3:
      body = Array(JSON.print(.record(call.arguments.mapValues(\.revealed))).utf8)
      headers = TC3Signer(credentials).headers(for: call, body: body, host: host, at: now).map { ($0.0, $0.1) }
    case .form(let algorithm, let method):
      let revealed = CloudCall(call.action, region: call.region, call.arguments.mapValues(\.revealed))
      let fields = FormSigner(credentials, algorithm).fields(
        for: revealed, method: method.rawValue.uppercased(), host: host, nonce: nonce, at: now)
      self.method = method
      headers = [("Host", host)]
      switch method {
      case .get: path = "/?" + FormSigner.encode(fields)
      case .post:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        body = Array(FormSigner.encode(fields).utf8)
      }
    }
  }
}

import AsyncHTTPClient
import NIOCore

/// A plain HTTP request without a signature: for the emulator's control API.
package enum PlainRequest {
  package struct Answer: Sendable {
    package let status: Int
    package let body: [UInt8]
  }

  /// Nil when nothing answers there.
  package static func send(
    _ method: String, _ url: String, token: String?, body: String? = nil
  ) async -> Answer? {
    var request = HTTPClientRequest(url: url)
    request.method = .init(rawValue: method)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: body))
    }
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
      let buffer = try await response.body.collect(upTo: 32 << 20)
      return Answer(status: Int(response.status.code), body: Array(buffer.readableBytesView))
    } catch {
      return nil
    }
  }
}

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Values

/// Why a call got no answer, in words that need no knowledge of the libraries below.
enum TransportReason {
  /// The time for a whole call is over.
  struct TimedOut: Error {}

  /// Whether no connection stood.
  static func isBeforeSending(_ error: any Error) -> Bool {
    error is NIOConnectionError || (error as? HTTPClientError) == .connectTimeout
  }

  /// On one line, without a full stop.
  static func text(of error: any Error, timeout: Duration) -> String {
    switch error {
    case is TimedOut: "nothing came within \(timeout.belayText)"
    case is CancellationError: "the call was cancelled"
    case let error as NIOTooManyBytesError:
      "the answer is larger than \(error.maxBytes ?? CloudHTTPClient.maximumAnswer) bytes"
    case let error as HTTPClientError: text(of: error, timeout)
    case let error as NIOConnectionError: text(of: error)
    case let error as IOError: text(of: error)
    case let error as NIOSSLError: text(of: error)
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      "its certificate is for another host"
    default: onOneLine(error)
    }
  }

  private static func text(of error: HTTPClientError, _ timeout: Duration) -> String {
    switch error {
    case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
      "nothing came within \(timeout.belayText)"
    case .connectTimeout: "no connection within \(min(CloudHTTPClient.connectTimeout, timeout).belayText)"
    case .tlsHandshakeTimeout: "no secure connection (TLS) with it in time"
    case .remoteConnectionClosed: "the connection was dropped"
    case .cancelled: "the call was cancelled"
    case .alreadyShutdown: "the client has been shut down"
    default: error.shortDescription
    }
  }

  /// The errors of a name with several addresses are commonly the same; the first stands for all.
  private static func text(of error: NIOConnectionError) -> String {
    if let first = error.connectionErrors.first {
      return (first.error as? IOError).map(text(of:)) ?? onOneLine(first.error)
    }
    return "no address is known for the name"
  }

  private static func text(of error: IOError) -> String { String(cString: strerror(error.errnoCode)).lowercased() }

  private static func text(of error: NIOSSLError) -> String {
    let text = onOneLine(error)
    return text.contains("CERTIFICATE_VERIFY_FAILED")
      ? "its certificate is not signed by an authority that is trusted here" : "no secure connection (TLS): \(text)"
  }

  private static func onOneLine(_ error: any Error) -> String { String("\(error)".map { $0.isNewline ? " " : $0 }) }
}

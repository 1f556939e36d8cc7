import Foundation
import NIOCore
import NIOPosix

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A connection on which a test writes what it likes.
enum RawConnection {
  /// Everything that the server writes until it closes the connection. It has to: by `Connection: close`, or since
  /// nothing more follows when `ends` is true.
  /// `heard` is called for every part of it.
  static func exchange(
    _ parts: [String], port: Int, ends: Bool = false, heard: @Sendable () -> Void = {}
  ) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      // Little, so that a server that writes much has to wait.
      .channelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 32_768)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      // Beside reading: the server takes no more than it can answer.
      async let sent: Void = send(parts, ends: ends, outbound)
      var text = ""
      for try await part in inbound {
        text += String(buffer: part)
        heard()
      }
      try await sent
      return text
    }
  }

  private static func send(
    _ parts: [String], ends: Bool, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) async throws {
    for part in parts { try await outbound.write(ByteBuffer(string: part)) }
    if ends { outbound.finish() }
  }

  /// A request as it is written, with further header lines.
  static func text(_ request: URLRequest, _ more: String...) -> String {
    let fields = (request.allHTTPHeaderFields ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    let body = String(decoding: request.httpBody ?? Data(), as: UTF8.self)
    let host = "Host: \(request.url?.host() ?? ""):\(request.url?.port ?? 0)"
    let length = more.contains { $0.hasPrefix("Transfer-Encoding") } ? [] : ["Content-Length: \(body.utf8.count)"]
    let head = ["\(request.httpMethod ?? "") \(request.url?.path() ?? "") HTTP/1.1", host] + fields + length + more
    return head.joined(separator: "\r\n") + "\r\n\r\n" + body
  }
}

import CloudEmulator
import Synchronization
import Testing
import Values

@testable import EmulatorServer

@Suite("Keeping the state")
struct KeepingTests {
  private let document: Value = ["format": "belay-emulator", "worlds": [["name": "ü"], 1.5]]

  @Test("a sealed document opens to itself")
  func roundTrip() throws { #expect(try StateText.open(StateText.sealed(document)) == document) }

  @Test("a file that was cut anywhere, or in which any byte was changed, is refused")
  func damage() throws {
    let whole = StateText.sealed(document)
    for length in 0..<whole.count {
      #expect(throws: StateText.Problem.self, "cut at \(length)") { try StateText.open(Array(whole[..<length])) }
    }
    for index in whole.indices {
      var changed = whole
      changed[index] ^= 1
      // Between the words of the first line, one blank is as good as another.
      #expect(throws: StateText.Problem.self, "changed at \(index)") { try StateText.open(changed) }
    }
    #expect(throws: StateText.Problem.self) { try StateText.open(whole + whole) }
    #expect(throws: StateText.Problem.self) { try StateText.open(Array(JSON.print(document).utf8)) }
  }

  @Test("what is wrong is told")
  func reasons() throws {
    let whole = StateText.sealed(document)
    func reason(_ bytes: [UInt8]) -> String {
      do throws(StateText.Problem) {
        _ = try StateText.open(bytes)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(reason([]) == "it is empty")
    #expect(reason(Array("{}".utf8)) == "it does not begin with 'belay-emulator-state 1'")
    #expect(reason(Array(whole.dropLast(4))).contains("bytes, and \(JSON.print(document).utf8.count - 3) follow"))
    var edited = whole
    edited[whole.count - 4] ^= 1
    #expect(reason(edited).contains("its checksum does not fit"))
  }

  @Test("with an interval, many changes are one write, and the last of them is written at the end")
  func interval() async throws {
    let documents = Mutex<[Value]>([])
    let (gates, gate) = AsyncStream.makeStream(of: Void.self)
    let wait: @Sendable (Duration) async -> Void = { _ in for await _ in gates { break } }
    let host = CloudHost(
      ServerConfiguration(
        credentials: [:], cloud: EmulatedCloud(configuration: Configuration()),
        clock: { Instant(milliseconds: 1000) }, wait: wait,
        onChange: { document in documents.withLock { $0.append(document) } }, changeInterval: .milliseconds(200)))
    func create(_ number: Int) {
      let parameters: Record = [
        "VpcName": "a", "CidrBlock": .text("10.\(number).0.0/16"), "EcmRegion": "ap-hangzhou-ecm",
      ]
      #expect(host.handle(CloudRequest(account: "a", action: "ecm.CreateVpc", parameters)).isKept)
    }
    for number in 1...5 { create(number) }
    #expect(documents.withLock { $0.count } == 0)
    await host.save()
    #expect(documents.withLock { $0.count } == 1)
    await host.save()
    #expect(documents.withLock { $0.count } == 1)
    create(6)
    await host.save()
    gate.finish()
    let last = try #require(documents.withLock { $0.last })
    let kept = try EmulatedCloud(decoding: last)
    #expect(kept == host.cloud)
  }

  private final class Written: Sendable {
    let documents = Mutex<[Value]>([])
  }

  @Test("without an interval, each call is answered when it has been written, and calls at once share writes")
  func durable() async throws {
    let written = Written()
    let host = CloudHost(
      ServerConfiguration(
        credentials: [:], cloud: EmulatedCloud(configuration: Configuration()),
        clock: { Instant(milliseconds: 1000) },
        onChange: { document in written.documents.withLock { $0.append(document) } }))
    let isKept = await withTaskGroup(of: Bool.self) { group in
      for number in 1...16 {
        group.addTask {
          let parameters: Record = [
            "VpcName": .text("net-\(number)"), "CidrBlock": .text("10.\(number).0.0/16"),
            "EcmRegion": "ap-hangzhou-ecm",
          ]
          let (_, isKept) = host.handle(CloudRequest(account: "a", action: "ecm.CreateVpc", parameters))
          if !isKept { await host.written() }
          let last = written.documents.withLock { $0.last }
          return last.map { JSON.print($0).contains("\"net-\(number)\"") } ?? false
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(isKept == Array(repeating: true, count: 16))
    #expect(written.documents.withLock { (1...16).contains($0.count) })
    let kept = try EmulatedCloud(decoding: try #require(written.documents.withLock { $0.last }))
    #expect(kept == host.cloud)
  }
}

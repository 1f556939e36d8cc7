import CloudEmulator
import EmulatorServer
import Foundation
import Testing
import Values

@testable import BelayCommands

/// The file in which an emulator keeps its world.
@Suite struct EmulatorStateFileTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/belay-state-\(UUID().uuidString)"
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var state: String { path + "/world.state" }
  }

  /// Something in it of both services.
  private static let cloud: EmulatedCloud = {
    let start = Instant(milliseconds: 1_767_323_045_000)
    var cloud = EmulatedCloud(configuration: Configuration(seed: 3, startedAt: start))
    let network: Record = ["VpcName": "ü", "CidrBlock": "10.0.0.0/16", "EcmRegion": "ap-hangzhou-ecm"]
    _ = cloud.handle(CloudRequest(account: "a", action: "ecm.CreateVpc", network), now: start)
    let key: Record = ["KeyName": "deploy", "ProjectId": 0]
    let create = CloudRequest(account: "b", action: "cvm.CreateKeyPair", region: "ap-shanghai", key)
    _ = cloud.handle(create, now: start + .seconds(1))
    return cloud
  }()

  private func problem(_ bytes: [UInt8]) throws -> CommandFailure? {
    let folder = try Folder()
    try Data(bytes).write(to: URL(filePath: folder.state))
    let file = try EmulatorStateFile(folder.state)
    do throws(CommandFailure) {
      _ = try file.read(speed: nil)
      return nil
    } catch {
      // What is refused is not touched.
      #expect(FileManager.default.contents(atPath: folder.state).map { [UInt8]($0) } == bytes)
      return error
    }
  }

  private func expectDamage(_ bytes: [UInt8], _ reason: String) throws {
    let failure = try #require(try problem(bytes), "it was taken")
    #expect(failure.status == .unreachable)
    let message = failure.message ?? ""
    #expect(message.contains("world.state' is damaged: ") && message.contains(reason), "\(message)")
    #expect(message.contains("put back a copy, or move the file away"))
  }

  @Test(arguments: [true, false]) func whatIsWrittenIsRead(_ isSynced: Bool) throws {
    let folder = try Folder()
    let file = try EmulatorStateFile(folder.state)
    #expect(try file.read(speed: nil) == nil)
    try file.write(Self.cloud.encoded, isSynced: isSynced)
    let read = try #require(try file.read(speed: nil))
    #expect(read == Self.cloud && read.encoded == Self.cloud.encoded)
    #expect(try file.read(speed: 7)?.configuration.speed == 7)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left.sorted() == ["world.state", "world.state.lock"])
  }

  @Test func aTornFileIsRefusedWhereverItIsTorn() throws {
    let whole = StateText.sealed(Self.cloud.encoded)
    for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 12)) {
      #expect(try problem(Array(whole[..<length])) != nil, "cut at \(length)")
    }
    try expectDamage([], "it is empty")
    try expectDamage(Array(whole.dropLast(9)), "bytes, and")
  }

  @Test func aChangedFileIsRefused() throws {
    var changed = StateText.sealed(Self.cloud.encoded)
    changed[changed.count / 2] ^= 1
    try expectDamage(changed, "its checksum does not fit")
  }

  @Test func anotherVersionIsRefused() throws {
    var document = try #require(Self.cloud.encoded.asRecord)
    document["version"] = 99
    try expectDamage(StateText.sealed(.record(document)), "its version is 99, and 2 is wanted")
  }

  @Test func aFileOfAnotherKindIsRefused() throws {
    try expectDamage(Array("SQLite format 3".utf8), "it does not begin with 'belay-emulator-state 1'")
    try expectDamage(Array(JSON.print(Self.cloud.encoded).utf8), "it does not begin with")
    try expectDamage(StateText.sealed(["format": "journal"]), "it is not a document of the emulator")
    var document = try #require(Self.cloud.encoded.asRecord)
    document["worlds"] = [["account": 1]]
    try expectDamage(StateText.sealed(.record(document)), "worlds[0]")
  }

  @Test func whatCannotBeReadOrWrittenIsTold() throws {
    let folder = try Folder()
    let nowhere = #expect(throws: CommandFailure.self) { try EmulatorStateFile(folder.path + "/no/such/world.state") }
    #expect(nowhere?.status == .unreachable && nowhere?.message?.contains("does the folder exist") == true)
    try FileManager.default.createDirectory(atPath: folder.state, withIntermediateDirectories: false)
    let file = try EmulatorStateFile(folder.state)
    let read = #expect(throws: CommandFailure.self) { try file.read(speed: nil) }
    #expect(read?.message?.contains("is a folder; a file of an emulator's state is wanted") == true)
    let written = #expect(throws: CommandFailure.self) { try file.write(Self.cloud.encoded) }
    #expect(written?.message?.contains("cannot be written") == true)
  }

  @Test func oneProcessHasItAtATime() throws {
    let folder = try Folder()
    let first = try EmulatorStateFile(folder.state)
    let second = #expect(throws: CommandFailure.self) { try EmulatorStateFile(folder.state) }
    #expect(second?.message?.contains("another emulator keeps its state in") == true)
    let told = #expect(throws: CommandFailure.self) { try EmulatorStateFile(folder.state, whenTaken: "taken") }
    #expect(told?.message == "taken")
    first.unlock()
    _ = try EmulatorStateFile(folder.state)
  }
}

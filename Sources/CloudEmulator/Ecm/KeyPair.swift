import Values

/// An SSH key pair; its private half is shown once and not kept.
struct KeyPair: Row {
  let id: String
  let name: String
  let createdAt: Instant

  var inventoryLine: InventoryLine { InventoryLine("KeyPair", id, name) }

  /// Not a key that opens anything: text of the right look, the same for the same id.
  private func material(_ length: Int, _ salt: UInt64) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var random = SplitMix64(seed: SplitMix64.mix(salt, id))
    let bytes = (0..<length).map { _ in letters[random.within(0...63)] }
    return String(decoding: bytes, as: UTF8.self)
  }

  var publicKey: String { "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ\(material(172, 1))== \(id.replacingDash)" }

  var privateKey: String {
    let body = material(832, 2)
    let lines = stride(from: 0, to: 832, by: 64).map { start -> String in
      let from = body.index(body.startIndex, offsetBy: start)
      return String(body[from..<body.index(from, offsetBy: 64)])
    }
    return "-----BEGIN RSA PRIVATE KEY-----\n\(lines.joined(separator: "\n"))\n-----END RSA PRIVATE KEY-----\n"
  }
}

extension String {
  fileprivate var replacingDash: String { split(separator: "-").joined(separator: "_") }
}

extension World {
  mutating func createKeyPair(_ call: Call) throws(Refusal) -> Record {
    let name = try call.required("KeyName")
    let isPlain = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
    }
    guard isPlain, (1...25).contains(name.utf8.count), !keyPairs.all.contains(where: { $0.name == name }) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidKeyPairName",
        because: "'\(name)' is taken, or has more than 25 characters or others than letters, digits and underscores.")
    }
    guard keyPairs.count < Limits.keyPairs else {
      throw call.refusal(
        "InvalidParameterValue.LimitExceeded", because: "An account has at most \(Limits.keyPairs) key pairs.")
    }
    let pair = KeyPair(id: newID("skey"), name: name, createdAt: now)
    keyPairs.insert(pair)
    let created = now.plainText.split(separator: " ").joined(separator: "T") + "+00:00"
    return [
      "KeyPair": [
        "KeyId": .text(pair.id), "KeyName": .text(name), "ProjectId": 0, "Description": "",
        "PublicKey": .text(pair.publicKey), "PrivateKey": .text(pair.privateKey), "AssociatedInstanceIds": [],
        "CreatedTime": .text(created),
      ]
    ]
  }

  /// Shut down instances lose their keys at once; running ones, with ForceStop, by a restart.
  mutating func disassociateInstancesKeyPairs(_ call: Call) throws(Refusal) -> Record {
    let keys = call.ids("KeyIds")
    for id in keys where keyPairs[id] == nil {
      throw call.refusal("InvalidParameterValue.InvalidKeyPairId", because: "There is no key pair '\(id)'.")
    }
    let chosen = try instances(call, in: "InstanceIds", "InvalidParameterValue.InstanceIdNotSupported")
    for instance in chosen {
      guard instance.state == .stopped || instance.state == .running && call.isTrue("ForceStop") else {
        throw call.refusal(
          "InvalidParameterValue.InstanceIdNotSupported",
          because: "\(instance.id) is \(instance.state.rawValue); give ForceStop to restart a running instance.")
      }
      guard keys.allSatisfy({ instance.keyIDs.contains($0) }) else {
        throw call.refusal(
          "InvalidParameterValue.InvalidKeyPairId", because: "\(instance.id) does not have all of these keys.")
      }
    }
    for instance in chosen {
      if !call.failsLater { instances[instance.id]?.keyIDs.removeAll { keys.contains($0) } }
      restart(instance, call)
    }
    return [:]
  }
}

import Values

/// The public half of a login key. The private half is shown once and kept nowhere.
struct CvmKeyPair: Row {
  let id: String
  var name: String
  let projectID: Int
  var about: String
  let publicKey: String
  let createdAt: Instant
  let tags: [Tag]

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine("CvmKeyPair", id, name, tags: tags, region, about.isEmpty ? nil : about)
  }
}

extension World {
  mutating func createKeyPair(_ call: CvmCall) throws(Refusal) -> Record {
    let name = try newKeyName(call)
    let tags = try call.tags(for: "keypair")
    let publicKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ\(letters(112)) \(name)"
    let key = CvmKeyPair(
      id: newID("skey"), name: name, projectID: call.int("ProjectId") ?? 0, about: "", publicKey: publicKey,
      createdAt: now, tags: tags)
    cvm[call.region].keys.insert(key)
    let secret = "-----BEGIN RSA PRIVATE KEY-----\n\(letters(64))\n\(letters(64))\n-----END RSA PRIVATE KEY-----\n"
    return ["KeyPair": .record(answer(key, [], privateKey: secret))]
  }

  /// Letters that look like a key and open nothing.
  private mutating func letters(_ count: Int) -> String {
    var text = ""
    while text.utf8.count < count { text += draws.numbers.suffix() }
    return String(text.prefix(count))
  }

  mutating func importKeyPair(_ call: CvmCall) throws(Refusal) -> Record {
    let name = try newKeyName(call)
    let publicKey = try call.required("PublicKey")
    guard publicKey.hasPrefix("ssh-"), publicKey.split(separator: " ").count >= 2 else {
      throw call.refusal("InvalidPublicKey.Malformed", because: "PublicKey is not in OpenSSH's form.")
    }
    guard !cvm[call.region].keys.all.contains(where: { $0.publicKey == publicKey }) else {
      throw call.refusal("InvalidPublicKey.Duplicate", because: "There is a key pair with this public key already.")
    }
    let key = CvmKeyPair(
      id: newID("skey"), name: name, projectID: call.int("ProjectId") ?? 0, about: "", publicKey: publicKey,
      createdAt: now, tags: try call.tags(for: "keypair"))
    cvm[call.region].keys.insert(key)
    return ["KeyId": .text(key.id)]
  }

  private func newKeyName(_ call: CvmCall) throws(Refusal) -> String {
    let name = try call.required("KeyName")
    try checkKeyName(name, call)
    guard (call.int("ProjectId") ?? 0) >= 0 else {
      throw call.refusal("InvalidProjectId.NotFound", because: "There is no such project.")
    }
    guard cvm[call.region].keys.count < 100 else {
      throw call.refusal("InvalidKeyPair.LimitExceeded", because: "There are 100 key pairs already.")
    }
    return name
  }

  private func checkKeyName(_ name: String, _ call: CvmCall) throws(Refusal) {
    guard !name.isEmpty else {
      throw call.refusal("InvalidKeyPairNameEmpty", "InvalidParameterValue", because: "KeyName is empty.")
    }
    guard name.count <= 25 else {
      throw call.refusal("InvalidKeyPairNameTooLong", "InvalidParameterValue", because: "KeyName is too long.")
    }
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "_")
    }
    guard isPlain else {
      throw call.refusal(
        "InvalidKeyPairNameIncludeIllegalChar", "InvalidParameterValue",
        because: "KeyName takes letters, digits and underscores.")
    }
    guard !cvm[call.region].keys.all.contains(where: { $0.name == name }) else {
      throw call.refusal("InvalidKeyPairName.Duplicate", because: "There is a key pair '\(name)' already.")
    }
  }

  /// The key pairs that a call names.
  func keyPairs(_ call: CvmCall) throws(Refusal) -> [CvmKeyPair] {
    var keys: [CvmKeyPair] = []
    for id in try call.ids("KeyIds") { keys.append(try keyPair(id, call)) }
    return keys
  }

  private func keyPair(_ id: String, _ call: CvmCall) throws(Refusal) -> CvmKeyPair {
    guard CvmID.isWellFormed(id, "skey") else {
      throw call.refusal("InvalidKeyPairId.Malformed", because: "'\(id)' is no id of a key pair.")
    }
    guard let key = cvm[call.region].keys[id] else {
      throw call.refusal("InvalidKeyPairId.NotFound", because: "There is no key pair '\(id)'.")
    }
    return key
  }

  mutating func deleteKeyPairs(_ call: CvmCall) throws(Refusal) -> Record {
    let keys = try keyPairs(call)
    for key in keys where cvm[call.region].instances.count("key-id", key.id) > 0 {
      throw call.refusal("InvalidParameterValue.KeyPairNotSupported", because: "An instance uses \(key.id).")
    }
    for key in keys { cvm[call.region].keys.remove(key.id) }
    return [:]
  }

  mutating func modifyKeyPairAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    var key = try keyPair(try call.required("KeyId"), call)
    guard call.has("KeyName") || call.has("Description") else {
      throw call.refusal("MissingParameter", because: "Nothing is to be changed.")
    }
    if let name = call.text("KeyName"), name != key.name {
      try checkKeyName(name, call)
      key.name = name
    }
    key.about = call.text("Description") ?? key.about
    cvm[call.region].keys[key.id] = key
    return [:]
  }

  func describeKeyPairs(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [.exact("project-id") { String($0.projectID) }, .exact("key-name") { $0.name }] as [FilterField<CvmKeyPair>])
    let all = cvm[call.region].keys
    let page: (total: Int, rows: [CvmKeyPair])
    if call.has("KeyIds") {
      let ids = try call.ids("KeyIds")
      for id in ids where !CvmID.isWellFormed(id, "skey") {
        throw call.refusal("InvalidKeyPairId.Malformed", because: "'\(id)' is no id of a key pair.")
      }
      page = try call.page(ids.compactMap { all[$0] })
    } else if let passes {
      page = try call.newestFirst(all.all.filter(passes))
    } else {
      page = try call.newestFirst(all.all)
    }
    let instances = cvm[call.region].instances
    return [
      "TotalCount": .int(page.total),
      "KeyPairSet": .records(page.rows.map { answer($0, instances.rows("key-id", $0.id).map(\.id), privateKey: "") }),
    ]
  }

  /// The structure `KeyPair`.
  private func answer(_ key: CvmKeyPair, _ users: [String], privateKey: String) -> Record {
    [
      "KeyId": .text(key.id), "KeyName": .text(key.name), "ProjectId": .int(key.projectID),
      "Description": .text(key.about), "PublicKey": .text(key.publicKey), "PrivateKey": .text(privateKey),
      "AssociatedInstanceIds": .texts(users), "CreatedTime": .text(key.createdAt.cvmText), "Tags": key.tags.answer,
    ]
  }
}

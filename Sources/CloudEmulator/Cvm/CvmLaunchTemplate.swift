import Values

/// What instances are to be made with, in versions numbered from 1.
struct CvmLaunchTemplate: Row {
  struct Version: Codable, Sendable, Equatable {
    let number: Int
    let about: String
    let createdAt: Instant
    /// The parameters of RunInstances.
    let data: KeptRecord
  }

  let id: String
  let name: String
  let createdAt: Instant
  var versions: [Version]
  var latestVersion: Int
  var defaultVersion: Int

  static let versionQuota = 30

  func version(_ number: Int) -> Version? { versions.first { $0.number == number } }

  func inventoryLines(_ region: String) -> [InventoryLine] {
    [InventoryLine("CvmLaunchTemplate", id, name, region, "default \(defaultVersion)")]
      + versions.map {
        InventoryLine(
          "CvmLaunchTemplateVersion", "\(id)/\($0.number)", name, region, $0.about.isEmpty ? nil : $0.about,
          JSON.print(.record($0.data.record)))
      }
  }
}

extension World {
  func launchTemplate(_ id: String, _ call: CvmCall) throws(Refusal) -> CvmLaunchTemplate {
    guard CvmID.isWellFormed(id, "lt") else {
      throw call.refusal(
        "InvalidParameterValue.LaunchTemplateIdMalformed", because: "'\(id)' is no id of a launch template.")
    }
    guard let template = cvm[call.region].templates[id] else {
      throw call.refusal(
        "InvalidParameterValue.LaunchTemplateIdNotExisted", because: "There is no launch template '\(id)'.")
    }
    return template
  }

  private func version(
    _ number: Int, of template: CvmLaunchTemplate, _ call: CvmCall
  ) throws(Refusal) -> CvmLaunchTemplate.Version {
    guard let version = template.version(number) else {
      throw call.refusal(
        "InvalidParameterValue.LaunchTemplateIdVerNotExisted", because: "\(template.id) has no version \(number).")
    }
    return version
  }

  mutating func createLaunchTemplate(_ call: CvmCall) throws(Refusal) -> Record {
    if let answer = try repeated(call) { return answer }
    let name = try call.required("LaunchTemplateName")
    guard !cvm[call.region].templates.all.contains(where: { $0.name == name }) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidLaunchTemplateName", because: "There is a launch template '\(name)' already.")
    }
    let data = try templateData(call)
    guard cvm[call.region].templates.count < 200 else {
      throw call.refusal("LimitExceeded.LaunchTemplateQuota", because: "There are 200 launch templates already.")
    }
    try call.endDryRun()
    let version = CvmLaunchTemplate.Version(
      number: 1, about: call.text("LaunchTemplateVersionDescription") ?? "", createdAt: now, data: KeptRecord(data))
    let template = CvmLaunchTemplate(
      id: newID("lt"), name: name, createdAt: now, versions: [version], latestVersion: 1, defaultVersion: 1)
    cvm[call.region].templates.insert(template)
    return remember(["LaunchTemplateId": .text(template.id)], of: call)
  }

  /// A new version holds what the call says; with `LaunchTemplateVersion`, on top of what that version says.
  mutating func createLaunchTemplateVersion(_ call: CvmCall) throws(Refusal) -> Record {
    if let answer = try repeated(call) { return answer }
    let template = try launchTemplate(try call.required("LaunchTemplateId"), call)
    var data = try templateData(call)
    if let number = call.int("LaunchTemplateVersion") {
      data = try version(number, of: template, call).data.record.merging(data)
    }
    guard template.versions.count < CvmLaunchTemplate.versionQuota else {
      throw call.refusal(
        "LimitExceeded.LaunchTemplateVersionQuota", because: "\(template.id) has \(template.versions.count) versions.")
    }
    try call.endDryRun()
    let number = template.latestVersion + 1
    let version = CvmLaunchTemplate.Version(
      number: number, about: call.text("LaunchTemplateVersionDescription") ?? "", createdAt: now,
      data: KeptRecord(data))
    cvm[call.region].templates[template.id]?.versions.append(version)
    cvm[call.region].templates[template.id]?.latestVersion = number
    return remember(["LaunchTemplateVersionNumber": .int(number)], of: call)
  }

  /// The parameters of the call that are RunInstances' own; what of them is there is checked as there.
  private func templateData(_ call: CvmCall) throws(Refusal) -> Record {
    let own = [
      "LaunchTemplateName", "LaunchTemplateVersionDescription", "LaunchTemplateTagSpecification", "DryRun",
      "LaunchTemplateId", "LaunchTemplateVersion", "ClientToken", "TemplateDataModifyAction", "Metadata",
    ]
    let data = Record(call.parameters.filter { !own.contains($0.key) }.map { ($0.key, $0.value) })
    if let zone = call.record("Placement")?["Zone"]?.asText {
      let zone = try call.zone(zone)
      if call.has("VirtualPrivateCloud") { _ = try cvmSubnet(call.record("VirtualPrivateCloud"), in: zone.name, call) }
    }
    if let type = call.text("InstanceType") { _ = try call.model(type) }
    if let image = call.text("ImageId") {
      let image = try cvmImage(image, call)
      if let login = call.record("LoginSettings") { _ = try cvmLogin(login, image, call) }
    }
    _ = try (call.systemDisk(), call.dataDisks(), call.internet())
    _ = try cvmSecurityGroups(call.texts("SecurityGroupIds"), call)
    return data
  }

  mutating func deleteLaunchTemplate(_ call: CvmCall) throws(Refusal) -> Record {
    cvm[call.region].templates.remove(try launchTemplate(try call.required("LaunchTemplateId"), call).id)
    return [:]
  }

  mutating func deleteLaunchTemplateVersions(_ call: CvmCall) throws(Refusal) -> Record {
    let template = try launchTemplate(try call.required("LaunchTemplateId"), call)
    let numbers = call.ints("LaunchTemplateVersions")
    guard !numbers.isEmpty else { throw call.refusal("MissingParameter", because: "No version is named.") }
    for number in numbers {
      _ = try version(number, of: template, call)
      guard number != template.defaultVersion else {
        throw call.refusal(
          "InvalidParameterValue.LaunchTemplateDefaultVersion", because: "Version \(number) is the default.")
      }
    }
    cvm[call.region].templates[template.id]?.versions.removeAll { numbers.contains($0.number) }
    return [:]
  }

  mutating func modifyLaunchTemplateDefaultVersion(_ call: CvmCall) throws(Refusal) -> Record {
    let template = try launchTemplate(try call.required("LaunchTemplateId"), call)
    let number = try version(call.int("DefaultVersion") ?? 0, of: template, call).number
    guard number != template.defaultVersion else {
      throw call.refusal(
        "InvalidParameterValue.LaunchTemplateIdVerSetAlready", because: "Version \(number) is the default already.")
    }
    cvm[call.region].templates[template.id]?.defaultVersion = number
    return [:]
  }

  func describeLaunchTemplates(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter([.exact("LaunchTemplateName") { $0.name }] as [FilterField<CvmLaunchTemplate>])
    var rows: [CvmLaunchTemplate]
    if call.has("LaunchTemplateIds") {
      rows = []
      for id in try call.ids("LaunchTemplateIds") { rows.append(try launchTemplate(id, call)) }
    } else {
      rows = cvm[call.region].templates.all.reversed()
      if let passes { rows = rows.filter(passes) }
    }
    let page = try call.page(rows)
    return [
      "TotalCount": .int(page.total),
      "LaunchTemplateSet": .records(
        page.rows.map {
          [
            "LatestVersionNumber": .int($0.latestVersion), "LaunchTemplateId": .text($0.id),
            "LaunchTemplateName": .text($0.name), "DefaultVersionNumber": .int($0.defaultVersion),
            "LaunchTemplateVersionCount": .int($0.versions.count), "CreatedBy": .text(ownerID),
            "CreationTime": .text($0.createdAt.cvmText),
          ]
        }),
    ]
  }

  func describeLaunchTemplateVersions(_ call: CvmCall) throws(Refusal) -> Record {
    let template = try launchTemplate(try call.required("LaunchTemplateId"), call)
    var rows = template.versions
    if call.has("LaunchTemplateVersions") {
      rows = []
      for number in call.ints("LaunchTemplateVersions") { rows.append(try version(number, of: template, call)) }
    } else if call.isTrue("DefaultVersion") {
      rows = rows.filter { $0.number == template.defaultVersion }
    }
    let range = (call.int("MinVersion") ?? 0, call.int("MaxVersion") ?? Int.max)
    let page = try call.page(rows.filter { $0.number >= range.0 && $0.number <= range.1 })
    return [
      "TotalCount": .int(page.total),
      "LaunchTemplateVersionSet": .records(page.rows.map { answer($0, of: template, call) }),
    ]
  }

  /// The structure `LaunchTemplateVersionInfo`; what the version does not say is null.
  private func answer(
    _ version: CvmLaunchTemplate.Version, of template: CvmLaunchTemplate, _ call: CvmCall
  ) -> Record {
    let names = [
      "Placement", "InstanceType", "InstanceName", "InstanceChargeType", "SystemDisk", "DataDisks",
      "InternetAccessible", "VirtualPrivateCloud", "ImageId", "SecurityGroupIds", "LoginSettings", "CamRoleName",
      "HpcClusterId", "InstanceCount", "EnhancedService", "UserData", "DisasterRecoverGroupIds", "ActionTimer",
      "InstanceMarketOptions", "HostName", "ClientToken", "InstanceChargePrepaid", "TagSpecification",
      "DisableApiTermination",
    ]
    return [
      "LaunchTemplateVersion": .int(version.number),
      "LaunchTemplateVersionData": .record(Record(names.map { ($0, version.data.record[$0] ?? .null) })),
      "CreationTime": .text(version.createdAt.cvmText), "LaunchTemplateId": .text(template.id),
      "IsDefaultVersion": .bool(version.number == template.defaultVersion),
      "LaunchTemplateVersionDescription": .text(version.about), "CreatedBy": .text(ownerID),
    ]
  }
}

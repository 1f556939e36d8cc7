import CloudCatalog
import Values

/// Checks parameters against the books' tables, and brings the loose spellings that the cloud takes (`"50"`, `"TRUE"`)
/// into their type. Every constraint that the books state is checked here, so that the actions need not.
struct ParameterCheck {
  let facts: ActionFacts

  func check(_ parameters: Record) throws(Refusal) -> Record {
    let checked = try check(parameters, against: facts.parameters, at: "")
    for member in facts.parameters where !member.constraints.exclusive.isEmpty && checked[member.name] != nil {
      for other in member.constraints.exclusive where checked[other] != nil && !isFalse(member, checked) {
        guard let rival = facts.parameter(other), !isFalse(rival, checked) else { continue }
        throw refusal(
          [
            "InvalidParameter.Coexist", "InvalidParameter.ParameterConflict",
            "InvalidParameter.InvalidParameterCoexistImageIdsFilters", "InvalidParameter.AtMostOne",
            "InvalidParameterCombination", "InvalidParameter",
          ],
          "\(member.name) and \(other) cannot be given together.")
      }
    }
    return checked
  }

  /// `KeepImageLogin: "FALSE"` is as good as not given.
  private func isFalse(_ member: MemberFacts, _ parameters: Record) -> Bool {
    parameters[member.name]?.asText?.lowercased() == "false" || parameters[member.name] == .bool(false)
  }

  private func check(
    _ record: Record, against members: [MemberFacts], at path: @autoclosure () -> String
  ) throws(Refusal) -> Record {
    for (name, _) in record where !members.contains(where: { $0.isNamed(name) }) {
      throw Refusal("UnknownParameter", "There is no parameter \(path())\(name).")
    }
    var checked = Record(capacity: record.count)
    for member in members {
      guard let value = record[member.name], !value.isNull else {
        if member.required { throw Refusal("MissingParameter", "The parameter \(path())\(member.name) is missing.") }
        continue
      }
      checked[member.name] = try check(value, member, at: path() + member.name)
    }
    return checked
  }

  private func check(
    _ value: Value, _ member: MemberFacts, at path: @autoclosure () -> String
  ) throws(Refusal) -> Value {
    let typed = try typed(value, member.type, member, at: path())
    if case .list(let elements) = typed, let limit = member.constraints.maximumItems, elements.count > limit {
      throw refusal(
        tooMany(member),
        "\(path()) takes at most \(limit) elements; these are \(elements.count).")
    }
    return typed
  }

  private func typed(
    _ value: Value, _ type: FactType, _ member: MemberFacts, at path: @autoclosure () -> String
  ) throws(Refusal) -> Value {
    switch type {
    case .integer:
      guard let number = value.looseInt else { throw wrongType("an Integer", value, path()) }
      try checkRange(Double(number), .int(number), member, path())
      return .int(number)
    case .float:
      guard let number = value.looseDouble else { throw wrongType("a Float", value, path()) }
      try checkRange(number, value, member, path())
      return .float(number)
    case .boolean:
      guard let flag = value.looseBool else { throw wrongType("a Boolean", value, path()) }
      return .bool(flag)
    case .string, .timestamp:
      guard let text = value.asText else { throw wrongType("a String", value, path()) }
      try checkText(text, member, path())
      return value
    case .array(let element):
      guard case .list(let elements) = value else { throw wrongType("an Array", value, path()) }
      var checked: [Value] = []
      checked.reserveCapacity(elements.count)
      for (index, part) in elements.enumerated() {
        checked.append(try typed(part, element, member, at: "\(path()).\(index)"))
      }
      return .list(checked)
    case .structure(let name):
      guard let record = value.asRecord else { throw wrongType("a \(name)", value, path()) }
      guard let structure = Catalog.service(facts.id.service)?.structure(name) else { return value }
      return .record(try check(record, against: structure.members, at: path() + "."))
    }
  }

  private func checkRange(
    _ number: Double, _ value: Value, _ member: MemberFacts, _ path: @autoclosure () -> String
  ) throws(Refusal) {
    try checkEnumeration(value.display, member, path())
    if let minimum = member.constraints.minimum, number < minimum {
      throw refusal(outOfRange(member), "\(path()) must be at least \(Int(minimum)), and is \(value.display).")
    }
    if let maximum = member.constraints.maximum, number > maximum {
      throw refusal(outOfRange(member), "\(path()) must be at most \(Int(maximum)), and is \(value.display).")
    }
  }

  private func checkText(
    _ text: String, _ member: MemberFacts, _ path: @autoclosure () -> String
  ) throws(Refusal) {
    try checkEnumeration(text, member, path())
    // There are no more characters than bytes.
    if let limit = member.constraints.maximumLength, text.utf8.count > limit, text.count > limit {
      throw refusal(tooLong(member), "\(path()) takes at most \(limit) characters; these are \(text.count).")
    }
    if let limit = member.constraints.minimumLength, text.count < limit {
      throw refusal(tooLong(member), "\(path()) takes at least \(limit) characters; these are \(text.count).")
    }
    if let format = member.constraints.format, let wanted = ParameterFormat(rawValue: format), !wanted.fits(text) {
      throw refusal(wanted.codes + ["InvalidParameterValue"], "\(path()) must be \(wanted.words), and is '\(text)'.")
    }
  }

  private func checkEnumeration(
    _ text: @autoclosure () -> String, _ member: MemberFacts, _ path: @autoclosure () -> String
  ) throws(Refusal) {
    let allowed = member.constraints.enumeration
    if allowed.isEmpty { return }
    let text = text()
    if allowed.contains(text) { return }
    let own: [String] =
      switch member.name {
      case "OrderByField": ["InvalidParameterValue.InvalidOrderByField"]
      case "VipIsp", "InternetServiceProvider", "ISP": ["InvalidParameterValue.InvalidISPInNode"]
      case "LoadBalancerType": ["InvalidParameterValue.InvalidLoadBalancerType"]
      case "InstanceChargeType": ["InvalidParameterValue.InvalidInstanceChargeType"]
      case "DiskType" where path().hasPrefix("SystemDisk"): ["InvalidParameterValue.InvalidSystemDiskType"]
      case "DiskType": ["InvalidParameterValue.InvalidDataDiskType"]
      case "LicenseType": ["InvalidParameterValue.InvalidLicenseType"]
      case "TargetOSType": ["InvalidParameter.InvalidTargetOSType"]
      case "Period": ["InvalidPeriod"]
      default: []
      }
    throw refusal(
      own + ["InvalidParameterValue", "InvalidParameter.FormatError"],
      "\(path()) must be one of \(allowed.joined(separator: ", ")), and is '\(text)'.")
  }

  private func wrongType(_ wanted: String, _ value: Value, _ path: String) -> Refusal {
    refusal(
      ["InvalidParameter", "InvalidParameter.FormatError", "InvalidParameter.InvalidDataFormat"],
      "\(path) must be \(wanted), and is a \(value.kindName).")
  }

  private func tooMany(_ member: MemberFacts) -> [String] {
    let own: [String] =
      switch member.name {
      case "Filters": ["InvalidFilterValue.LimitExceeded"]
      case "SecurityGroupIdSet": ["LimitExceeded.ModuleSecurityGroupLimitExceeded"]
      default: []
      }
    return own + [
      "InvalidParameterValue.FilterLimitExceeded", "InvalidParameterValue.LimitExceeded",
      "InvalidParameterValue.ParameterValueTooLarge", "InvalidParameterValue.Length", "InvalidParameterValue",
    ]
  }

  private func tooLong(_ member: MemberFacts) -> [String] {
    let own: [String] =
      switch member.name {
      case "InstanceName": ["InvalidParameterValue.InstanceNameTooLong", "InvalidInstanceName.TooLong"]
      case "Password":
        ["InvalidParameterValue.InvaildPassword", "InvalidParameterValue.InvalidPassword", "InvalidPassword"]
      case "HostName": ["InvalidParameterValue.InvaildHostName", "InvalidParameterValue.IllegalHostName"]
      case "ClientToken": ["InvalidClientToken.TooLong"]
      case "KeyName": ["InvalidKeyPairNameTooLong"]
      case "LaunchTemplateName": ["InvalidParameterValue.InvalidLaunchTemplateName"]
      case "LaunchTemplateVersionDescription": ["InvalidParameterValue.InvalidLaunchTemplateVersionDescription"]
      default: []
      }
    return own + [
      "InvalidParameterValue.TooLong", "InvalidParameterValue.ParameterValueTooLarge", "InvalidParameterValue.Length",
      "InvalidParameterValue.Malformed", "InvalidParameterValue",
    ]
  }

  private func outOfRange(_ member: MemberFacts) -> [String] {
    let own: [String] =
      switch member.name {
      case "Offset": ["InvalidParameterValue.InvaildPageParam", "InvalidParameterValueOffset"]
      case "Limit":
        [
          "InvalidParameterValue.InvaildPageParam", "InvalidParameterValueLimit",
          "InvalidParameterValue.InvalidParameterValueLimit",
        ]
      case "InternetMaxBandwidthOut": ["InvalidParameterValue.InvalidBandwidth"]
      default: []
      }
    return own + [
      "InvalidParameterValue.Range", "InvalidParameterValue.ParameterValueTooLarge", "InvalidParameterValue",
      "InvalidParameter.FormatError",
    ]
  }

  /// The first code that the page prints. When it prints none: the first that is a common code.
  private func refusal(_ codes: [String], _ message: String) -> Refusal {
    if let printed = codes.first(where: { facts.errors.contains($0) }) { return Refusal(printed, message) }
    let common = Catalog.service(facts.id.service)?.commonErrors ?? []
    return Refusal(codes.first { common.contains($0) } ?? "InvalidParameterValue", message)
  }
}

extension MemberFacts {
  /// Names of members are ASCII: those of another length are other names.
  fileprivate func isNamed(_ text: String) -> Bool { name.utf8.count == text.utf8.count && name == text }
}

extension Value {
  fileprivate var looseInt: Int? {
    switch self {
    case .int(let value): value
    case .text(let text): Int(text)
    case .float(let value): Int(exactly: value)
    default: nil
    }
  }

  fileprivate var looseDouble: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .text(let text): Double(text)
    default: nil
    }
  }

  fileprivate var looseBool: Bool? {
    switch self {
    case .bool(let value): value
    case .text(let text): ["true": true, "false": false][text.lowercased()]
    default: nil
    }
  }
}

import Values

extension Mark {
  /// The arguments with the step's mark added to whatever tags the author wrote.
  package func apply(_ mark: String, to arguments: Record) -> Record {
    var result = arguments.withRoom(for: 1)
    switch self {
    case .tags(let parameter):
      result[parameter] = .list(elements(arguments, parameter) + [["Key": .text(Mark.key), "Value": .text(mark)]])
    case .tagInfos(let parameter):
      result[parameter] = .list(
        elements(arguments, parameter) + [["TagKey": .text(Mark.key), "TagValue": .text(mark)]])
    case .specification(let parameter, let resourceType):
      let tag: Value = ["Key": .text(Mark.key), "Value": .text(mark)]
      result[parameter] = .list(specifications(elements(arguments, parameter), resourceType, tag))
    }
    return result
  }

  /// Whether arguments are those of a call with the mark added to them. False also where it takes as long to see as to
  /// add it anew.
  package func isAdded(_ mark: String, to arguments: Record, in whole: Record) -> Bool {
    let (parameter, key, value): (String, String, String)
    switch self {
    case .tags(let name): (parameter, key, value) = (name, "Key", "Value")
    case .tagInfos(let name): (parameter, key, value) = (name, "TagKey", "TagValue")
    case .specification: return false
    }
    let own = elements(arguments, parameter)
    guard let tags = whole[parameter]?.asList, tags.count == own.count + 1, let tag = tags.last?.asRecord,
      tag.count == 2, tag[key] == .text(Mark.key), tag[value] == .text(mark), tags.dropLast().elementsEqual(own),
      whole.count == arguments.count + (arguments[parameter] == nil ? 1 : 0)
    else { return false }
    return arguments.allSatisfy { name, value in name == parameter || whole[name] == value }
  }

  /// The arguments without the mark that ``apply(_:to:)`` added last.
  package func removed(from arguments: Record) -> Record {
    var result = arguments
    switch self {
    case .tags(let parameter), .tagInfos(let parameter):
      let own = elements(arguments, parameter).dropLast()
      result[parameter] = own.isEmpty ? nil : .list(Array(own))
    case .specification(let parameter, let resourceType):
      var specifications = elements(arguments, parameter)
      let marked = specifications.firstIndex { $0.asRecord?["ResourceType"] == .text(resourceType) }
      guard let marked, var record = specifications[marked].asRecord else { return arguments }
      let own = (record["Tags"]?.asList ?? []).dropLast()
      record["Tags"] = .list(Array(own))
      specifications[marked] = .record(record)
      if own.isEmpty { specifications.remove(at: marked) }
      result[parameter] = specifications.isEmpty ? nil : .list(specifications)
    }
    return result
  }

  private func elements(_ arguments: Record, _ parameter: String) -> [Value] { arguments[parameter]?.asList ?? [] }

  private func specifications(_ present: [Value], _ resourceType: String, _ tag: Value) -> [Value] {
    var result = present
    let own = present.firstIndex { $0.asRecord?["ResourceType"] == .text(resourceType) }
    guard let own, var record = present[own].asRecord else {
      return result + [["ResourceType": .text(resourceType), "Tags": [tag]]]
    }
    record["Tags"] = .list((record["Tags"]?.asList ?? []) + [tag])
    result[own] = .record(record)
    return result
  }
}

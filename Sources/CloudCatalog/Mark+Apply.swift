import Values

extension Mark {
  /// The arguments with the step's mark added to whatever tags the author wrote.
  package func apply(_ mark: String, to arguments: Record) -> Record {
    var result = arguments
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

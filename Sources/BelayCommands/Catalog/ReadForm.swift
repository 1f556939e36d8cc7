import CloudCatalog
import Values

/// What a read is good for, as JSON and in words.
extension ReadMeaning {
  /// Part of `belay.actions/1`; a limit that is not documented is null.
  var form: Value {
    [
      "rows": rows.map { .text($0.description) } ?? .null, "id": id.map(Value.text) ?? .null,
      "paging": paging?.form ?? .null, "filters": filters?.form ?? .null,
      "id_list": idList.map { ["parameter": .text($0.parameter), "max": .init(limit: $0.maximum)] } ?? .null,
    ]
  }

  /// `VpcId of VpcSet[]; in pages of up to 100; by VpcIds, up to 100`
  var wording: String {
    var parts: [String] = []
    if let rows { parts.append([id.map { "\($0) of" }, rows.description].compactMap { $0 }.joined(separator: " ")) }
    if let paging {
      parts.append(paging.maximumLimit.map { "in pages of up to \($0)" } ?? "in pages of a size that is not documented")
    }
    if let idList {
      parts.append("by \(idList.parameter)\(idList.maximum.map { ", up to \($0)" } ?? "")")
    }
    return parts.joined(separator: "; ")
  }
}

extension Paging {
  fileprivate var form: Value {
    [
      "offset": .text(offset), "limit": .text(limit), "default": .init(limit: defaultLimit),
      "max": .init(limit: maximumLimit), "as_strings": .bool(areStrings),
    ]
  }
}

extension FilterRule {
  fileprivate var form: Value {
    [
      "names": .list(names.map(Value.text)), "prefixes": .list(prefixes.map(Value.text)),
      "max_filters": .init(limit: maximumFilters), "max_values": .init(limit: maximumValues),
      "required": .list(required.map(Value.text)),
    ]
  }

  /// `vpc-id, vpc-name, tag:…; up to 10 with up to 5 values`
  var wording: String {
    let known = (names + prefixes.map { "\($0)…" }).joined(separator: ", ")
    let several = maximumFilters.map { "up to \($0)" }
    let values = maximumValues.map { "\(several == nil ? "" : " ")with up to \($0) \($0 == 1 ? "value" : "values")" }
    let limits = [several, values].compactMap { $0 }.joined()
    let needed = required.isEmpty ? "" : "; needs \(required.orJoined)"
    return known + (limits.isEmpty ? "" : "; \(limits)") + needed
  }
}

extension Value {
  fileprivate init(limit: Int?) { self = limit.map(Value.int) ?? .null }
}

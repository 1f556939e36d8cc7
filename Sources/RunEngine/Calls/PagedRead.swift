import CloudCatalog
import Values

/// A Describe call read to its last page, when it pages by Offset and Limit.
indirect enum PagedRead: Sendable {
  /// The next page, and what the earlier ones came to. Apart, since few calls have one.
  case reading(CloudCall, merged: Record?)

  init(_ call: CloudCall) { self = .reading(call, merged: nil) }

  var call: CloudCall { parts.call }

  private var parts: (call: CloudCall, merged: Record?) {
    switch self {
    case .reading(let call, let merged): (call, merged)
    }
  }

  /// Takes a page; returns the whole answer, or nil when ``call`` has to be sent again for the next one.
  mutating func received(_ page: Record) -> Value? {
    let (call, merged) = parts
    guard let list = page.first(where: { $0.value.asList != nil && !$0.value.isNull })?.key,
      let rows = page[list]?.asList
    else { return .record(merged ?? page) }
    let all = (merged?[list]?.asList ?? []) + rows
    var whole = page
    whole[list] = .list(all)
    guard call.arguments["Limit"] != nil, let total = page["TotalCount"]?.asInt, all.count < total, !rows.isEmpty
    else { return .record(whole) }
    var arguments = call.arguments
    arguments["Offset"] = .int(all.count)
    self = .reading(CloudCall(call.action, region: call.region, arguments), merged: whole)
    return nil
  }
}

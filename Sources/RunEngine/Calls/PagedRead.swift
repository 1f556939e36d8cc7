import CloudCatalog
import Values

/// A Describe call read to its last page, when it pages by Offset and Limit.
struct PagedRead: Sendable {
  private(set) var call: CloudCall
  private var merged: Record?

  init(_ call: CloudCall) { self.call = call }

  /// Takes a page; returns the whole answer, or nil when ``call`` has to be sent again for the next one.
  mutating func received(_ page: Record) -> Value? {
    guard let list = page.first(where: { $0.value.asList != nil && !$0.value.isNull })?.key,
      let rows = page[list]?.asList
    else { return .record(merged ?? page) }
    let all = (merged?[list]?.asList ?? []) + rows
    var whole = page
    whole[list] = .list(all)
    guard call.arguments["Limit"] != nil, let total = page["TotalCount"]?.asInt, all.count < total, !rows.isEmpty
    else { return .record(whole) }
    merged = whole
    var arguments = call.arguments
    arguments["Offset"] = .int(all.count)
    call = CloudCall(call.action, region: call.region, arguments)
    return nil
  }
}

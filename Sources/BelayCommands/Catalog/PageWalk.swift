import CloudCatalog
import Values

/// How a read is asked for page by page.
struct PageWalk {
  /// The member of the answer that the pages fill.
  let list: String
  private let paging: Paging
  /// Where the books do not say how large a page may be.
  private static let standardPageSize = 100

  /// Nil for an action that does not page.
  init?(_ nature: ActionNature) {
    guard let paging = nature.read?.paging,
      let list = nature.read?.rows?.description.split(separator: "[").first.map(String.init),
      nature.facts.output(list) != nil
    else { return nil }
    self.list = list
    self.paging = paging
  }

  private var pageSize: Int { paging.maximumLimit ?? PageWalk.standardPageSize }

  /// The arguments of the first page: as large as it may be unless the caller says how large.
  func first(_ arguments: Record) -> Record {
    var first = arguments
    if first[paging.limit] == nil { first[paging.limit] = number(pageSize) }
    return first
  }

  /// The arguments of the page behind the first `count` rows.
  func page(after count: Int, _ arguments: Record) -> Record {
    var page = arguments
    page[paging.offset] = number(count + start(arguments))
    return page
  }

  /// Where the caller wants to begin.
  private func start(_ arguments: Record) -> Int {
    switch arguments[paging.offset] {
    case .int(let value)?: value
    case .text(let text)?: Int(text) ?? 0
    default: 0
    }
  }

  /// One action types both as String.
  private func number(_ value: Int) -> Value { paging.areStrings ? .text(String(value)) : .int(value) }

  /// The pages of one answer, put together.
  struct Merger {
    private let walk: PageWalk
    private let arguments: Record
    private(set) var answer = Record()
    private var rows: [Value] = []

    init(_ walk: PageWalk, _ arguments: Record) {
      self.walk = walk
      self.arguments = walk.first(arguments)
    }

    /// The arguments of the next page.
    var next: Record { rows.isEmpty ? arguments : walk.page(after: rows.count, arguments) }

    /// Takes a page; returns whether there is another one.
    mutating func received(_ page: Record) -> Bool {
      let new = page[walk.list]?.asList ?? []
      rows += new
      answer = page
      answer[walk.list] = .list(rows)
      guard !new.isEmpty else { return false }
      if let total = page["TotalCount"]?.asInt { return rows.count + walk.start(arguments) < total }
      return new.count >= size
    }

    private var size: Int {
      switch arguments[walk.paging.limit] {
      case .int(let value)?: value
      case .text(let text)?: Int(text) ?? walk.pageSize
      default: walk.pageSize
      }
    }
  }
}

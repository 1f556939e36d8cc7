/// The stable name of a kind of problem. Codes are never reused; `belay explain CODE` and docs/generated/diagnostics.md
/// come from this table. B00xx text and tokens, B01xx grammar, B02xx names, B03xx types, B04xx calls, B05xx undo,
/// B06xx order and shape, B07xx inputs, B09xx advice.
package enum DiagnosticCode: String, Sendable, CaseIterable {
  case textTooLong = "B0001"
  case notUTF8 = "B0002"
  case unknownCharacter = "B0003"
  case unclosedText = "B0004"
  case badEscape = "B0005"
  case badNumber = "B0006"
  case badUnit = "B0007"
  case badCIDR = "B0008"
  case unclosedComment = "B0009"

  case unexpectedToken = "B0101"
  case missingHeader = "B0102"
  case badVersion = "B0103"
  case tooDeep = "B0104"
  case misplacedDeclaration = "B0105"
  case duplicateModifier = "B0106"

  case unknownName = "B0201"
  case duplicateName = "B0202"
  case unknownService = "B0203"
  case unknownMember = "B0204"
  case unknownType = "B0205"
  case unknownFunction = "B0206"
  case unknownFile = "B0207"
  case importCycle = "B0208"
  case recursion = "B0209"

  case typeMismatch = "B0301"
  case notIndexable = "B0302"
  case notIterable = "B0303"
  case badOperands = "B0304"
  case notCondition = "B0305"
  case patternMismatch = "B0306"
  case wrongArgumentCount = "B0307"
  case secretExposed = "B0308"

  case unknownAction = "B0401"
  case unknownParameter = "B0402"
  case missingParameter = "B0403"
  case wrongParameterType = "B0404"
  case outOfRange = "B0405"
  case wrongIDKind = "B0406"
  case duplicateParameter = "B0407"
  case positionalArgument = "B0408"
  case exclusiveParameters = "B0409"
  case unclassifiedAction = "B0410"
  case unknownErrorCode = "B0411"

  case noInverse = "B0501"
  case fallibleAfterIrreversible = "B0502"
  case needlessOverride = "B0503"

  case misplacedCall = "B0601"
  case notAwaitable = "B0602"
  case unknownState = "B0603"
  case misplacedCommit = "B0604"
  case misplacedGive = "B0605"
  case badLimit = "B0606"
  case badDuration = "B0607"
  case misplacedOutput = "B0608"
  case untilNeedsRead = "B0609"
  case misplacedIt = "B0610"
  case notSupported = "B0611"
  case impureFunction = "B0612"

  case badDefault = "B0701"
  case badInput = "B0702"

  case unusedName = "B0901"

  package var severity: Severity { self == .unusedName || self == .needlessOverride ? .warning : .error }
}

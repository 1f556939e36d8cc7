import RunEngine

extension StepAddress {
  /// `fleet["ap-hangzhou-ecm-1","CTCC"].vms` is one of `fleet[*].vms`.
  var pattern: String {
    var pattern: [UInt8] = []
    var depth = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["):
        if depth == 0 { pattern += Array("[*]".utf8) }
        depth += 1
      case UInt8(ascii: "]"): depth -= 1
      default: if depth == 0 { pattern.append(byte) }
      }
    }
    return String(decoding: pattern, as: UTF8.self)
  }
}

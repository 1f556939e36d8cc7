/// What the actions of CVM mean, by name. Entries stand in `Cvm/`, one file a topic. Reads all mean the same.
func cvmMeaning(of name: String) -> ActionMeaning? {
  if name.hasPrefix("Describe") || name.hasPrefix("Inquiry") || name.hasPrefix("InquirePrice") { return .read }
  return nil
}

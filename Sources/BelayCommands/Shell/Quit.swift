#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ends the process.
package func quit(_ status: Int32) -> Never { exit(status) }

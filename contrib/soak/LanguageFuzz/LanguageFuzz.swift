#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

#if LIBFUZZER
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runLibFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  /// Under libFuzzer, which follows what the texts reach: `language.sh` builds it so.
  @main struct LanguageFuzz {
    static func main() {
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      exit(
        runLibFuzzer(&count, &arguments) { bytes, length in
          Trial.run([UInt8](UnsafeBufferPointer(start: bytes, count: length)))
          return 0
        })
    }
  }
#else
  /// Without libFuzzer: texts are changed blindly. `LanguageFuzz SECONDS SEED FILE…`
  @main struct LanguageFuzz {
    static func main() {
      let arguments = CommandLine.arguments
      guard arguments.count > 3, let seconds = Double(arguments[1]), let seed = UInt64(arguments[2]) else {
        Trial.say("usage: LanguageFuzz SECONDS SEED FILE...\n")
        exit(2)
      }
      var mutator = Mutator(seed: seed, corpus: arguments[3...].map(Trial.read))
      let end = Trial.now() + seconds
      var count = 0
      while Trial.now() < end {
        Trial.run(mutator.next())
        count += 1
      }
      print("\(count) texts")
    }
  }
#endif

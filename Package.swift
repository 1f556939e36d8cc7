// swift-tools-version: 6.2
import PackageDescription

/// Every target is Swift 6 with warnings as errors. A target exists where it forbids an arrow or fences one
/// outside dependency; docs/architecture.md holds the table and Tests/HouseRules checks it.
let house: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let hashTrees = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

func source(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

/// Tests whose cases are files of the language's own text, read where they lie.
func testsWithCorpus(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: ["Corpus"], swiftSettings: house)
}

let package = Package(
  name: "belay",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "belay", targets: ["belay"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // Layer 0: vocabulary
    .systemLibrary(
      name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"]), .brew(["json-c"])]),
    source("Diagnostics"),
    source("Values", ["CJSONC"]),
    // Layer 1: the text and the contract
    source("RunbookSyntax", ["Diagnostics"]),
    source("CloudCatalog", ["Values"]),
    // Layer 2: what is meant, and how a run advances
    source("RunbookChecker", ["Diagnostics", "Values", "RunbookSyntax", "CloudCatalog"]),
    source("RunEngine", ["Diagnostics", "Values", "CloudCatalog"]),
    // Layer 3: fibers, journals, the cloud from both sides
    source(
      "RunbookEvaluator",
      ["Diagnostics", "Values", "RunbookSyntax", "CloudCatalog", "RunbookChecker", "RunEngine", deque]),
    source(
      "RunJournal",
      [
        "Values", "RunEngine",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    source(
      "CloudClient",
      [
        "Values", "CloudCatalog",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        nioCore, nioPosix, nioSSL,
      ]),
    source("CloudEmulator", ["Values", "CloudCatalog", orderedCollections, hashTrees]),
    // Layer 4: the World
    source("RunDriver", ["Values", "CloudCatalog", "RunEngine", deque]),
    // Layer 5: rehearsal
    source("RunPlanner", ["Values", "CloudCatalog", "CloudEmulator", "RunEngine", "RunDriver"]),
    // Layer 6: faces
    source(
      "EmulatorServer",
      [
        "Values", "CloudCatalog", "CloudEmulator",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        nioCore, nioPosix, nioHTTP1,
      ]),
    source(
      "BelayCommands",
      [
        "Diagnostics", "Values", "RunbookSyntax", "CloudCatalog", "RunbookChecker", "RunEngine", "RunbookEvaluator",
        "RunJournal", "CloudClient", "CloudEmulator", "RunDriver", "RunPlanner", "EmulatorServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ]),
    // Layer 7: main
    .executableTarget(name: "belay", dependencies: ["BelayCommands"], swiftSettings: house),
    // What the benchmarks hold the emulator against
    .executableTarget(
      name: "EmptyHandler",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
      ], path: "contrib/benchmarks/EmptyHandler", swiftSettings: house),
    // What the benchmarks hold beside DBOS
    .executableTarget(
      name: "EngineBenchmark",
      dependencies: [
        "Diagnostics", "Values", "CloudCatalog", "RunEngine", "RunbookChecker", "RunbookEvaluator", "RunJournal",
        "RunDriver",
      ], path: "contrib/benchmarks/engine", swiftSettings: house),
    // The language beside other languages
    .executableTarget(
      name: "LanguageBenchmark",
      dependencies: [
        "Diagnostics", "Values", "CloudCatalog", "RunEngine", "RunbookSyntax", "RunbookChecker", "RunbookEvaluator",
      ], path: "contrib/benchmarks/LanguageBenchmark", swiftSettings: house),
    // The language under fuzzing
    .executableTarget(
      name: "LanguageFuzz",
      dependencies: ["Diagnostics", "Values", "RunEngine", "RunbookSyntax", "RunbookChecker", "RunbookEvaluator"],
      path: "contrib/soak/LanguageFuzz", swiftSettings: house),
    // Tests
    .target(
      name: "TestSupport",
      dependencies: [
        "Diagnostics", "Values", "CloudCatalog", "RunEngine", "RunbookChecker", "RunbookEvaluator", "CloudEmulator",
        "RunDriver", "RunPlanner",
      ], path: "Tests/TestSupport", swiftSettings: house),
    .executableTarget(
      name: "Ambiguity", dependencies: ["TestSupport"], path: "contrib/soak/Ambiguity", swiftSettings: house),
    tests("ValuesTests", ["Values", "TestSupport"]),
    tests("DiagnosticsTests", ["Diagnostics"]),
    tests("CloudCatalogTests", ["Values", "CloudCatalog"]),
    testsWithCorpus("RunbookSyntaxTests", ["Diagnostics", "RunbookSyntax", "TestSupport"]),
    testsWithCorpus(
      "RunbookCheckerTests",
      ["Diagnostics", "Values", "RunbookSyntax", "CloudCatalog", "RunbookChecker", "RunbookEvaluator"]),
    tests(
      "RunbookEvaluatorTests",
      [
        "Diagnostics", "Values", "RunbookSyntax", "CloudCatalog", "RunbookChecker", "RunEngine", "RunbookEvaluator",
        "TestSupport",
      ]),
    tests("CloudEmulatorTests", ["Values", "CloudCatalog", "CloudEmulator", orderedCollections]),
    tests(
      "EmulatorServerTests",
      [
        "Values", "CloudCatalog", "CloudEmulator", "EmulatorServer", .product(name: "Crypto", package: "swift-crypto"),
        nioCore, nioPosix,
      ]),
    tests("CloudClientTests", ["Values", "CloudCatalog", "CloudClient", nioCore, nioPosix, nioHTTP1, nioSSL]),
    tests(
      "RunJournalTests",
      ["Values", "CloudCatalog", "RunEngine", "RunJournal", .product(name: "GRDB", package: "GRDB.swift")]),
    tests("RunEngineTests", ["Diagnostics", "Values", "CloudCatalog", "RunEngine"]),
    tests("RunDriverTests", ["Values", "CloudCatalog", "RunEngine", "RunJournal", "RunDriver"]),
    tests("HouseRulesTests", ["TestSupport"]),
    .testTarget(
      name: "BelayCommandsTests",
      dependencies: [
        "Diagnostics", "Values", "CloudCatalog", "CloudClient", "RunEngine", "RunJournal", "RunDriver", "CloudEmulator",
        "RunPlanner", "EmulatorServer", "RunbookSyntax", "RunbookChecker", "RunbookEvaluator", "BelayCommands",
        "TestSupport",
      ],
      exclude: ["Terminal/Golden", "Catalog/Golden", "Scripts"], swiftSettings: house),
    tests(
      "SimulationTests",
      [
        "Diagnostics", "Values", "RunbookSyntax", "CloudCatalog", "RunbookChecker", "RunbookEvaluator", "RunEngine",
        "CloudEmulator", "RunDriver", "RunPlanner", "TestSupport",
      ]),
  ]
)

// swift-tools-version: 6.2

import PackageDescription

// The manifest is the architecture diagram. Every module is one of four kinds:
//   core     pure logic: values in, values out; imports other cores and the standard library only
//   shell    I/O, clocks, locks, threads, cryptography: runs what a core decides
//   main     the composition root of one binary
//   library  the headers of one C or C++ library, and nothing else
// A module may import what it names here and nothing more; the build's import check refuses the rest.

enum Plane: String {
    case shared = "Shared"
    case data = "DataPlane"
    case control = "ControlPlane"

    func path(_ module: String) -> String { "Sources/\(self.rawValue)/\(module)" }
}

func core(_ name: String, _ plane: Plane, _ cores: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: cores, path: plane.path(name))
}

func shell(
    _ name: String,
    _ plane: Plane,
    _ modules: [Target.Dependency],
    _ products: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: modules + products, path: plane.path(name), resources: resources)
}

func main(_ name: String, _ plane: Plane, _ modules: [Target.Dependency], _ products: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: modules + products, path: plane.path("Main"))
}

func library(_ name: String, _ plane: Plane, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: plane.path(name), pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(
    _ name: String,
    _ plane: Plane,
    _ modules: [Target.Dependency] = [],
    _ products: [Target.Dependency] = [],
    excluding folders: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "GatewayTestSupport"] + modules + products,
        path: "Tests/\(plane.rawValue)/\(name)Tests",
        exclude: folders,
        resources: resources
    )
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let cores: [Target] = [
    core("Identity", .shared),
    core("Wire", .shared),
    core("Addresses", .shared),
    core("Media", .shared, ["Wire", "Addresses"]),
    core("Settings", .shared, ["Identity"]),
    core("Contract", .shared, ["Identity", "Wire"]),
    core("Canonical", .shared, ["Identity", "Wire"]),
    core("Dialects", .shared, ["Identity", "Wire", "Canonical", "Media"]),
    core("Routing", .data, ["Identity", "Contract"]),
    core("Exchange", .data, ["Identity", "Wire", "Canonical", "Dialects", "Contract", "Routing", "Media"]),
    core("Catalog", .control, ["Identity", "Wire", "Canonical", "Contract", "Addresses"]),
    core("Validation", .control, ["Identity", "Wire", "Canonical", "Dialects", "Contract", "Catalog"]),
]

let shells: [Target] = [
    shell("JSONScan", .shared, ["Wire", "Dialects", "CSimdjson"]),
    shell("Sealing", .shared, ["Identity", "Wire", "Contract", "CZlib"], [crypto]),
    // Bytes cross the data path without a copy: chunks of an answer as ByteBuffer from the transport to the server,
    // a request as slices of arrays from the server to the transport.
    shell(
        "CurlTransport",
        .shared,
        ["Identity", "Addresses", "CLibcurl", "CLinuxAIO"],
        [nioCore, nioPosix, nioConcurrency]
    ),
    shell("Launch", .shared, ["Settings"]),
    shell("Telemetry", .shared, ["Identity", "Wire"], [logging, nioConcurrency]),
    shell("Resolution", .data, ["Addresses"], [nioCore, nioPosix, nioConcurrency]),
    shell(
        "Ingress",
        .data,
        [
            "Identity", "Wire", "Canonical", "Dialects", "Contract", "Routing", "Exchange", "JSONScan", "Sealing",
            "CurlTransport", "Telemetry", "Addresses", "Media", "Resolution",
        ],
        [nioCore, nioPosix, nioHTTP1, nioConcurrency, logging]
    ),
    shell(
        "Feeds",
        .data,
        ["Identity", "Wire", "Contract", "Routing", "Sealing", "CurlTransport", "Telemetry"],
        [nioCore, nioConcurrency, logging, lifecycle]
    ),
    shell("Pictures", .control, ["CGd"]),
    shell("Listening", .control, [], [hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1]),
    shell(
        "Probing",
        .control,
        [
            "Identity", "Wire", "Canonical", "Dialects", "Contract", "Catalog", "Validation", "Pictures", "Listening",
            "CurlTransport",
        ],
        [hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore]
    ),
    shell("Postgres", .control, ["Identity", "CLibpq"], [logging, nioConcurrency]),
    shell(
        "Storage",
        .control,
        ["Identity", "Wire", "Contract", "Catalog", "Postgres"],
        [],
        resources: [.embedInCode("Migrations")]
    ),
    shell(
        "Administration",
        .control,
        ["Identity", "Wire", "Contract", "Catalog", "Sealing", "Postgres", "Storage", "Telemetry"],
        [logging]
    ),
    shell("Documents", .control, ["Wire"], [yams]),
    shell(
        "AdminAPI",
        .control,
        ["Identity", "Wire", "Contract", "Catalog", "Administration", "Documents", "Listening", "Telemetry"],
        [hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore]
    ),
    shell(
        "PlaneAPI",
        .control,
        ["Identity", "Wire", "Contract", "Administration", "Listening", "Telemetry"],
        [hummingbird, hummingbirdCore, httpTypes, logging, nioCore, lifecycle]
    ),
    shell(
        "AdminClient",
        .control,
        ["Identity", "Wire", "Launch", "Documents", "CurlTransport"],
        [argumentParser, nioCore]
    ),
]

let mains: [Target] = [
    main(
        "DataPlane",
        .data,
        [
            "Identity", "Settings", "Launch", "Contract", "Routing", "Exchange", "CurlTransport", "Telemetry",
            "Ingress", "Feeds", "Resolution", "CMimalloc",
        ],
        [lifecycle, logging, nioCore, nioPosix, unixSignals]
    ),
    main(
        "ControlPlane",
        .control,
        [
            "Identity", "Settings", "Launch", "Catalog", "Sealing", "Telemetry", "Postgres", "Storage",
            "Administration", "AdminAPI", "PlaneAPI", "AdminClient", "CurlTransport", "Validation", "Probing",
        ],
        [argumentParser, lifecycle, logging, nioCore, unixSignals]
    ),
]

let libraries: [Target] = [
    library("CLibcurl", .shared, pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    // Its pkg-config names flags that SwiftPM warns of, and none that Debian needs.
    library("CGd", .control, apt: "libgd-dev"),
    library("CLibpq", .control, pkgConfig: "libpq", apt: "libpq-dev"),
    library("CMimalloc", .data, apt: "libmimalloc-dev"),
    library("CZlib", .shared, pkgConfig: "zlib", apt: "zlib1g-dev"),
    // System calls that the C library leaves out.
    .systemLibrary(name: "CLinuxAIO", path: Plane.shared.path("CLinuxAIO")),
    .target(
        name: "CSimdjson",
        path: Plane.shared.path("CSimdjson"),
        cxxSettings: [.define("SIMDJSON_EXCEPTIONS", to: "0")],
        linkerSettings: [.linkedLibrary("simdjson")]
    ),
]

// Programs and support that the tests and the benchmark need; none of them is a product that ships.
let testing: [Target] = [
    .target(
        name: "GatewayTestSupport",
        dependencies: ["Identity", "Wire", "Contract"],
        path: "Tests/Support/GatewayTestSupport"
    ),
    // An OCR engine, run as a program: what stands for eyes.
    .target(name: "SightTestSupport", path: "Tests/Support/SightTestSupport"),
    .executableTarget(
        name: "DemoProvider",
        dependencies: ["Identity", "Wire", "SightTestSupport", argumentParser, nioCore, nioPosix, nioHTTP1],
        path: "Tests/DemoProvider"
    ),
    .executableTarget(
        name: "Benchmarks",
        dependencies: ["Wire", argumentParser, nioCore, nioPosix, nioHTTP1],
        path: "Tests/Benchmarks"
    ),
    .target(
        name: "SocketTestSupport",
        dependencies: [nioCore, nioPosix],
        path: "Tests/Support/SocketTestSupport"
    ),
    .target(
        name: "PostgresTestSupport",
        dependencies: ["Identity", "Postgres", logging, nioConcurrency],
        path: "Tests/Support/PostgresTestSupport"
    ),
    tests("Identity", .shared),
    tests("Wire", .shared),
    tests("Addresses", .shared),
    tests("Media", .shared, ["Wire", "Addresses"]),
    tests("Settings", .shared, ["Identity"]),
    tests("Contract", .shared, ["Identity", "Wire"]),
    tests("Canonical", .shared, ["Identity", "Wire"]),
    tests("Dialects", .shared, ["Identity", "Wire", "Canonical"], excluding: ["Fixtures"]),
    tests("JSONScan", .shared, ["Wire", "Dialects"]),
    tests(
        "Sealing",
        .shared,
        ["Identity", "Contract", "Wire"],
        [crypto],
        resources: [.embedInCode("Fixtures")]
    ),
    tests("CurlTransport", .shared, ["CLibcurl"], [nioCore, nioPosix, nioConcurrency]),
    tests("Telemetry", .shared, ["Identity", "Wire"], [logging]),
    tests("Routing", .data, ["Identity", "Contract"]),
    tests(
        "Exchange",
        .data,
        ["Identity", "Wire", "Canonical", "Dialects", "Contract", "Routing"],
        excluding: ["Fixtures"]
    ),
    tests("Resolution", .data, ["Addresses"], [nioCore, nioPosix, nioEmbedded, nioConcurrency]),
    tests(
        "Ingress",
        .data,
        [
            "Resolution", "Addresses", "Identity", "Wire", "Contract", "Canonical", "Dialects", "Routing", "Exchange",
            "Sealing", "CurlTransport", "Telemetry",
        ],
        [nioCore, nioPosix, nioEmbedded, nioHTTP1, nioConcurrency, crypto]
    ),
    tests(
        "Feeds",
        .data,
        ["Identity", "Wire", "Contract", "Routing", "Sealing", "CurlTransport"],
        [nioCore, nioPosix, nioHTTP1, nioConcurrency, logging]
    ),
    tests("Catalog", .control, ["Identity", "Wire", "Contract"]),
    tests("Validation", .control, ["Identity", "Wire", "Canonical", "Dialects", "Contract", "Catalog"]),
    tests(
        "Probing",
        .control,
        ["Identity", "Contract", "Catalog", "Validation", "CurlTransport"],
        [logging, nioCore, nioPosix]
    ),
    tests("Listening", .control, [], [nioCore, nioEmbedded, nioHTTP1]),
    tests("Pictures", .control, ["SightTestSupport"]),
    tests("Postgres", .control, ["Identity", "PostgresTestSupport"], [logging]),
    tests(
        "Storage",
        .control,
        ["Identity", "Wire", "Contract", "Catalog", "Postgres", "PostgresTestSupport"],
        [logging]
    ),
    tests(
        "Administration",
        .control,
        ["Identity", "Wire", "Contract", "Catalog", "Sealing", "Postgres", "Storage", "PostgresTestSupport"],
        [logging]
    ),
    tests(
        "PlaneAPI",
        .control,
        [
            "Identity", "Wire", "Contract", "Sealing", "Administration", "Storage", "Postgres", "PostgresTestSupport",
            "SocketTestSupport", "CurlTransport",
        ],
        [nioCore, logging]
    ),
    tests(
        "AdminAPI",
        .control,
        [
            "Identity", "Wire", "Contract", "Catalog", "Administration", "Storage", "Postgres", "Sealing",
            "CurlTransport", "PostgresTestSupport", "SocketTestSupport",
        ],
        [logging, nioCore]
    ),
    tests("Documents", .control, ["Wire"]),
    tests("AdminClient", .control, ["Wire", "CurlTransport"], [argumentParser]),
]

let package = Package(
    name: "llm-gateway",
    products: [
        .executable(name: "router-data-plane", targets: ["DataPlane"]),
        .executable(name: "router-control-plane", targets: ["ControlPlane"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: cores + shells + mains + libraries + testing,
    cxxLanguageStandard: .cxx17
)

// Cores depend on cores, and on nothing else.
let coreNames = Set(cores.map(\.name))
for target in cores {
    for dependency in target.dependencies {
        switch dependency {
        case .byNameItem(let name, _) where coreNames.contains(name): continue
        default: fatalError("core '\(target.name)' may not depend on \(dependency)")
        }
    }
}

// The planes never import each other: all they share in meaning is `Contract`.
let planeOf = Dictionary(
    uniqueKeysWithValues: (cores + shells + mains).compactMap { target in
        target.path.map { (target.name, String($0.split(separator: "/")[1])) }
    }
)
for target in cores + shells + mains {
    for case .byNameItem(let name, _) in target.dependencies {
        guard let from = planeOf[target.name], let to = planeOf[name], to != from, to != Plane.shared.rawValue else {
            continue
        }
        fatalError("'\(target.name)' of \(from) may not depend on '\(name)' of \(to)")
    }
}

// One list of settings for every Swift target, so that none can opt out by omission.
for target in package.targets where [.regular, .executable, .test].contains(target.type) && target.name != "CSimdjson" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}

// swift-tools-version: 6.1
import PackageDescription

// Every house of the design is one target; a house depends only on the houses listed before it. What a target imports it
// names, also where another dependency brings it: otherwise a changed interface does not rebuild it.
let money: [Target.Dependency] = ["Quantities", "Ledger", "Negotiation"]
let pure: [Target.Dependency] = money + ["Understanding", "Conduct", "Dialog"]
let turns: [Target.Dependency] = pure + ["Campaigns", "Conversations"]

let package = Package(
    name: "promesa",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "promesa", targets: ["promesa"])],
    traits: [
        .trait(name: "PostgreSQL", description: "Keep everything in PostgreSQL, for several servers; needs libpq.")
    ],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: [
        .target(name: "Quantities", resources: [.embedInCode("Resources")]),
        .target(name: "Ledger", dependencies: ["Quantities"]),
        .target(name: "Understanding", dependencies: ["Quantities"], resources: [.embedInCode("Resources")]),
        .target(
            name: "Negotiation",
            dependencies: ["Quantities", "Ledger", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Conduct", dependencies: ["Quantities", "Ledger", "Understanding"],
            resources: [.embedInCode("Resources")]),
        .target(
            name: "Dialog",
            dependencies: money + ["Understanding", "Conduct", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Campaigns",
            dependencies: money + ["Understanding", "Conduct", "Dialog", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Conversations",
            dependencies: pure + ["Campaigns"]),
        .target(name: "Reports", dependencies: money + ["Understanding", "Conduct"]),
        .systemLibrary(name: "CPostgreSQL"),
        .target(
            name: "DatabaseEngine",
            dependencies: [
                .target(name: "CPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Storage",
            dependencies: turns + [
                "Reports", "DatabaseEngine", .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Channels",
            dependencies: ["Quantities", "Dialog", "Conversations", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Workbench", dependencies: turns),
        .target(name: "Desk", dependencies: money + ["Conduct", "Conversations", "Storage"]),
        .target(
            name: "Pages", dependencies: ["Quantities", "Conduct", "Reports", "Desk"],
            resources: [.embedInCode("Resources")]),
        .target(
            name: "Service",
            dependencies: turns + [
                "Reports", "Storage", "Channels", "Workbench", "Desk", "Pages",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        .target(
            name: "Simulation",
            dependencies: turns + [
                "Storage", "Channels", "Desk", "Service", .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .executableTarget(
            name: "promesa",
            dependencies: turns + [
                "Simulation", "Reports", "Storage", "Channels", "Desk", "Pages", "Service", "Workbench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(name: "SharedData", path: "Tests/SharedData"),
        .target(name: "DemoCompany", dependencies: turns + ["SharedData"], path: "Tests/DemoCompany"),
        .target(
            name: "Browser", dependencies: [.product(name: "AsyncHTTPClient", package: "async-http-client")],
            path: "Tests/Browser"),
        .testTarget(name: "QuantitiesTests", dependencies: ["Quantities", "SharedData"]),
        .testTarget(name: "LedgerTests", dependencies: ["Quantities", "Ledger", "SharedData"]),
        .testTarget(name: "UnderstandingTests", dependencies: ["Quantities", "Understanding", "SharedData"]),
        .testTarget(name: "NegotiationTests", dependencies: money + ["SharedData"]),
        .testTarget(
            name: "ConductTests", dependencies: ["Quantities", "Ledger", "Understanding", "Conduct", "SharedData"]),
        .testTarget(
            name: "DialogTests",
            dependencies: money + ["Understanding", "Dialog", "SharedData", .product(name: "Yams", package: "Yams")]),
        .testTarget(name: "CampaignsTests", dependencies: money + ["Conduct", "Campaigns", "SharedData"]),
        .testTarget(
            name: "ReportsTests", dependencies: money + ["Conduct", "Reports", "DemoCompany", "SharedData"]),
        .testTarget(name: "ConversationsTests", dependencies: turns + ["DemoCompany", "SharedData"]),
        .testTarget(name: "WorkbenchTests", dependencies: turns + ["Workbench", "DemoCompany", "SharedData"]),
        .testTarget(
            name: "StorageTests",
            dependencies: turns + [
                "Reports", "DatabaseEngine", "Storage", "DemoCompany", "SharedData",
            ]),
        .testTarget(
            name: "ChannelsTests", dependencies: ["Quantities", "Dialog", "Conversations", "Channels", "SharedData"]),
        .testTarget(
            name: "DeskTests", dependencies: money + ["Conversations", "Storage", "Desk", "DemoCompany", "SharedData"]),
        .testTarget(
            name: "SimulationTests", dependencies: ["Service", "Simulation", "SharedData"]),
        .testTarget(
            name: "ServiceTests",
            dependencies: turns + [
                "Reports", "DatabaseEngine", "Storage", "Channels", "Service", "DemoCompany", "SharedData", "Browser",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
    ]
)

// Tests live thousands of simulated days: what they run is optimised in a debug build as well.
for target in package.targets where target.type == .regular {
    target.swiftSettings = [.unsafeFlags(["-O"], .when(configuration: .debug))]
}

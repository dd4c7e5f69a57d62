// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// The order of the targets is the order of dependencies, and that is the path of a packet.
// A target imports only targets above it; the Tidy suite checks it.

let warnings: [SwiftSetting] =
    Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    warnings + [
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
    ]

let package = Package(
    name: "linnet",
    products: [
        .library(name: "Linnet", targets: ["Linnet"]),
        .library(name: "LinnetBytes", targets: ["LinnetBytes"]),
        .library(name: "LinnetCodec", targets: ["LinnetCodec"]),
        .library(name: "LinnetMessages", targets: ["LinnetMessages"]),
        .library(name: "LinnetConnections", targets: ["LinnetConnections"]),
        .library(name: "LinnetEvents", targets: ["LinnetEvents"]),
        .library(name: "LinnetTransports", targets: ["LinnetTransports"]),
        .library(name: "LinnetTestSupport", targets: ["LinnetTestSupport"]),
        .library(name: "LinnetSchema", targets: ["LinnetSchema"]),
        .library(name: "LinnetSchemaKit", targets: ["LinnetSchemaKit"]),
        .executable(name: "linnet-schema", targets: ["linnet-schema"]),
        .plugin(name: "LinnetSchemaPlugin", targets: ["LinnetSchemaPlugin"]),
        .plugin(name: "LinnetSchemaCommand", targets: ["LinnetSchemaCommand"]),
        .executable(name: "linnetctl", targets: ["linnetctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .target(name: "CLinnet"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["libz-dev"])]),
        .target(
            name: "LinnetBytes",
            dependencies: ["CLinnet"],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetCodec",
            dependencies: ["CLinnet", "CZlib", "LinnetBytes"],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetMessages",
            dependencies: ["LinnetBytes"],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetSchemaKit",
            dependencies: ["LinnetBytes", "LinnetMessages"],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetConnections",
            dependencies: ["CLinnet", "LinnetBytes"],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetEvents",
            dependencies: [
                "CLinnet", "LinnetBytes", "LinnetCodec", "LinnetMessages", "LinnetConnections",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetPollers",
            dependencies: ["CLinnet", "LinnetBytes", "LinnetConnections"],
            swiftSettings: settings
        ),
        .target(
            name: "LinnetTransports",
            dependencies: [
                "LinnetBytes", "LinnetCodec", "LinnetConnections", "LinnetEvents",
                "LinnetPollers",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Linnet",
            dependencies: [
                "LinnetBytes", "LinnetCodec", "LinnetMessages", "LinnetConnections",
                "LinnetEvents", "LinnetPollers", "LinnetTransports",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(name: "LinnetSchema", swiftSettings: settings),
        .executableTarget(
            name: "linnet-schema",
            dependencies: ["LinnetSchema"],
            swiftSettings: settings
        ),
        .plugin(
            name: "LinnetSchemaPlugin",
            capability: .buildTool(),
            dependencies: ["linnet-schema"],
            path: "Sources/LinnetSchemaPlugin"
        ),
        .plugin(
            name: "LinnetSchemaCommand",
            capability: .command(
                intent: .custom(
                    verb: "linnet-schema",
                    description: "Generates, checks and locks the .linnet files of targets."
                ),
                permissions: [
                    .writeToPackageDirectory(reason: "`lock` and `generate` write files.")
                ]
            ),
            dependencies: ["linnet-schema"],
            path: "Sources/LinnetSchemaCommand"
        ),
        .executableTarget(
            name: "linnetctl",
            dependencies: [
                "Linnet",
                "LinnetBytes",
                "LinnetCodec",
                "LinnetMessages",
                "LinnetPollers",
                "LinnetSchema",
                "LinnetSchemaKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),

        .target(name: "CTestSupport", path: "Tests/CTestSupport"),
        .target(
            name: "LinnetTestSupport",
            dependencies: ["CLinnet"],
            path: "Tests/LinnetTestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetBytesTests",
            dependencies: ["CLinnet", "LinnetBytes", "LinnetTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetCodecTests",
            dependencies: [
                "CLinnet", "CTestSupport", "CZlib", "LinnetBytes", "LinnetCodec",
                "LinnetTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetMessagesTests",
            dependencies: [
                "LinnetBytes", "LinnetMessages", "LinnetSchema", "LinnetTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetSchemaKitTests",
            dependencies: ["LinnetMessages", "LinnetSchema", "LinnetSchemaKit"],
            exclude: ["tick.linnet"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetConnectionsTests",
            dependencies: ["CLinnet", "LinnetBytes", "LinnetConnections", "LinnetTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetEventsTests",
            dependencies: [
                "CLinnet", "CTestSupport", "LinnetBytes", "LinnetCodec", "LinnetConnections",
                "LinnetEvents", "LinnetTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetPollersTests",
            dependencies: [
                "CLinnet", "CTestSupport", "LinnetBytes", "LinnetConnections", "LinnetPollers",
                "LinnetTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetTransportsTests",
            dependencies: [
                "LinnetBytes", "LinnetCodec", "LinnetConnections", "LinnetEvents", "LinnetPollers",
                "LinnetTestSupport", "LinnetTransports",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetTests",
            dependencies: [
                "CLinnet", "CTestSupport", "Linnet", "LinnetBytes", "LinnetCodec",
                "LinnetConnections", "LinnetEvents", "LinnetPollers", "LinnetTestSupport",
                "LinnetTransports",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LinnetSchemaTests",
            dependencies: ["LinnetSchema", "linnet-schema"],
            exclude: ["Changes", "Snapshots"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "linnetctlTests",
            dependencies: [
                "linnetctl", "Linnet", "LinnetBytes", "LinnetCodec", "LinnetTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)

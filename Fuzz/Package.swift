// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package of its own, so that the sanitizers' flags never reach a user of Linnet. It sees what
// every user sees: public API only. `Fuzz/run` builds it.

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let linnet: [Target.Dependency] = [
    .product(name: "LinnetBytes", package: "linnet"),
    .product(name: "LinnetCodec", package: "linnet"),
    .product(name: "LinnetTestSupport", package: "linnet"),
]

let package = Package(
    name: "linnet-fuzz",
    dependencies: [
        .package(name: "linnet", path: "..")
    ],
    targets: [
        .target(name: "FuzzKit", dependencies: linnet, swiftSettings: settings),
        .executableTarget(
            name: "FuzzHeader",
            dependencies: ["FuzzKit"] + linnet,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzStream",
            dependencies: ["FuzzKit"] + linnet,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzFramings",
            dependencies: ["FuzzKit"] + linnet,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzSchema",
            dependencies: ["FuzzKit", .product(name: "LinnetSchema", package: "linnet")] + linnet,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzWriter",
            dependencies: ["FuzzKit"] + linnet,
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)

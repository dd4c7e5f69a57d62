// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Programs as a user would write them: another package, no experimental flags.

let package = Package(
    name: "linnet-examples",
    dependencies: [
        .package(name: "linnet", path: "../.."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "broadcast",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "client",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "echo",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "echo-server",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "http",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "names",
            dependencies: [.product(name: "Linnet", package: "linnet")],
            plugins: [.plugin(name: "LinnetSchemaPlugin", package: "linnet")]
        ),
        .executableTarget(
            name: "netstring",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "orders",
            dependencies: [.product(name: "Linnet", package: "linnet")],
            plugins: [.plugin(name: "LinnetSchemaPlugin", package: "linnet")]
        ),
        .executableTarget(
            name: "pages",
            dependencies: [
                .product(name: "Linnet", package: "linnet"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "prices",
            dependencies: [.product(name: "Linnet", package: "linnet")],
            plugins: [.plugin(name: "LinnetSchemaPlugin", package: "linnet")]
        ),
        .executableTarget(
            name: "quickstart",
            dependencies: [
                .product(name: "LinnetBytes", package: "linnet"),
                .product(name: "LinnetCodec", package: "linnet"),
            ]
        ),
        .executableTarget(
            name: "resp",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "specialised",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .testTarget(
            name: "RESPTests",
            dependencies: ["resp", .product(name: "Linnet", package: "linnet")]
        ),
    ],
    swiftLanguageModes: [.v6]
)

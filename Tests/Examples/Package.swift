// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Programs as a user would write them: another package, no experimental flags.

let package = Package(
    name: "linnet-examples",
    dependencies: [
        .package(name: "linnet", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "echo",
            dependencies: [.product(name: "Linnet", package: "linnet")]
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

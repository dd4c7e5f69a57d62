// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "hello",
    dependencies: [.package(path: "../linnet")],
    targets: [
        .executableTarget(
            name: "hello",
            dependencies: [.product(name: "Linnet", package: "linnet")],
            plugins: [.plugin(name: "LinnetSchemaPlugin", package: "linnet")]
        )
    ]
)

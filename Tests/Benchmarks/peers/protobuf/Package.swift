// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// messages.pb.swift is made from ../schema/messages.proto, by ./generate.

let package = Package(
    name: "protobuf-peer",
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(name: "linnet-benchmarks", path: "../.."),
    ],
    targets: [
        .executableTarget(
            name: "protobuf-peer",
            dependencies: [
                .product(name: "SchemaBench", package: "linnet-benchmarks"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)

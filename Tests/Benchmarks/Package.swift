// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package of its own, so that who uses Linnet never builds it. Run it with ./run;
// ./http-growth runs `burn`, ./schemas runs `schemas`.

let package = Package(
    name: "linnet-benchmarks",
    products: [
        .library(name: "SchemaBench", targets: ["SchemaBench"])
    ],
    dependencies: [
        .package(name: "linnet", path: "../..")
    ],
    targets: [
        .target(name: "CBaseline", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CCosts"),
        .target(name: "SchemaBench", dependencies: ["CCosts"]),
        .executableTarget(
            name: "schemas",
            dependencies: [
                "SchemaBench", .product(name: "LinnetMessages", package: "linnet"),
            ],
            // Bench.swift is generated from it and committed, so that no build here waits for the
            // generator; a test of LinnetSchema says when it is out of date.
            exclude: ["bench.linnet"]
        ),
        .executableTarget(
            name: "burn",
            dependencies: [.product(name: "Linnet", package: "linnet")]
        ),
        .executableTarget(
            name: "linnet-benchmarks",
            dependencies: [
                "CBaseline",
                .product(name: "LinnetBytes", package: "linnet"),
                .product(name: "LinnetCodec", package: "linnet"),
                .product(name: "LinnetConnections", package: "linnet"),
                .product(name: "LinnetEvents", package: "linnet"),
                .product(name: "LinnetTestSupport", package: "linnet"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

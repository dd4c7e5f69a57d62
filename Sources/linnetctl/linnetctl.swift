// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
struct Linnetctl: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "linnetctl")
}

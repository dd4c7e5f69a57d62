// SPDX-License-Identifier: Apache-2.0

@main
enum LinnetSchemaTool {
    static func main() {}
}

// SPDX-License-Identifier: Apache-2.0

// The generated code of names.linnet compiles in a user's package: that is all there is to see.

print(Names.exchanges.count)

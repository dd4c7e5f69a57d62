// SPDX-License-Identifier: Apache-2.0

import SchemaBench
import SwiftProtobuf

extension Bench_FooBarContainer: ProtobufMessage {
    static var bench: SchemaMessage { .fooBar }
    static var records: [FooBarValues] { [FooBarValues()] }

    init(_ values: FooBarValues) {
        self.init()
        list = values.list.map { Bench_FooBar($0) }
        initialized = values.initialized
        fruit = Fruit(rawValue: Int(values.fruit)) ?? .apples
        location = values.location
    }

    var sum: UInt64 {
        var sum = initialized.term &+ fruit.rawValue.term &+ location.utf8.count.term
        for fooBar in list {
            let bar = fooBar.sibling
            let foo = bar.parent
            sum &+= fooBar.name.utf8.count.term &+ fooBar.rating.term &+ fooBar.postfix.term
            sum &+= bar.time.term &+ bar.ratio.term &+ bar.size.term
            sum &+= foo.id &+ foo.count.term &+ foo.prefix.term &+ foo.length.term
        }
        return sum
    }
}

extension Bench_FooBar {
    fileprivate init(_ values: FooBarValues.FooBar) {
        self.init()
        sibling = .with {
            $0.parent = .with {
                $0.id = values.sibling.parent.id
                $0.count = Int32(values.sibling.parent.count)
                $0.prefix = Int32(values.sibling.parent.prefix)
                $0.length = values.sibling.parent.length
            }
            $0.time = values.sibling.time
            $0.ratio = values.sibling.ratio
            $0.size = UInt32(values.sibling.size)
        }
        name = values.name
        rating = values.rating
        postfix = UInt32(values.postfix)
    }
}

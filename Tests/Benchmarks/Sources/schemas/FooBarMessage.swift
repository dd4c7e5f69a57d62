// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension FooBarContainer: BenchedMessage {
    static var bench: SchemaMessage { .fooBar }
    static var records: [FooBarValues] { [FooBarValues()] }

    static func prepare(_ values: FooBarValues) -> FooBarValues { values }

    static func build(
        _ held: borrowing Held<FooBarValues>,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        try build(into: &output) { container in
            container.initialized = held.values.initialized
            container.fruit = Fruit(rawValue: UInt16(bitPattern: held.values.fruit))
            return
                container
                .put(.list, count: held.values.list.count) { entry, index in
                    entry.sibling = Bar(held.values.list[index].sibling)
                    entry.rating = held.values.list[index].rating
                    entry.postfix = held.values.list[index].postfix
                    return entry.put(.name, held.values.list[index].name).done()
                }
                .put(.location, held.values.location)
                .done()
        }
    }

    @inline(__always)
    static func sum(_ container: MessageView<FooBarContainer>) -> UInt64 {
        var sum = container.initialized.term &+ container.fruit.rawValue.term
        sum &+= container[.location].count.term
        container[.list].forEach { entry in
            let bar = entry.sibling
            sum &+= entry[.name].count.term &+ entry.rating.term &+ entry.postfix.term
            sum &+= bar.time.term &+ bar.ratio.term &+ bar.size.term
            sum &+= bar.parent.id.term &+ bar.parent.count.term
            sum &+= bar.parent.prefix.term &+ bar.parent.length.term
        }
        return sum
    }
}

extension Bar {
    @inline(__always)
    fileprivate init(_ values: FooBarValues.Bar) {
        self.init(
            parent: Foo(
                id: values.parent.id,
                count: values.parent.count,
                prefix: values.parent.prefix,
                length: values.parent.length
            ),
            time: values.time,
            ratio: values.ratio,
            size: values.size
        )
    }
}

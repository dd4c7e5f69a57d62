// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension FooBarContainer: BenchedMessage {
    static var bench: SchemaMessage { .fooBar }
    static var records: [FooBarValues] { [FooBarValues()] }

    static func prepare(_ values: FooBarValues) -> FooBarValues { values }

    static func build(
        _ values: FooBarValues,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        try build(into: &output) { container in
            container.initialized = values.initialized
            container.fruit = Fruit(rawValue: UInt16(bitPattern: values.fruit))
            return
                container
                .put(.list, count: values.list.count) { entry, index in
                    let value = values.list[index]
                    entry.sibling = Bar(value.sibling)
                    entry.rating = value.rating
                    entry.postfix = value.postfix
                    return entry.put(.name, value.name).done()
                }
                .put(.location, values.location)
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

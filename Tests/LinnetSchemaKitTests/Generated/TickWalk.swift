// SPDX-License-Identifier: Apache-2.0

// As linnetctl schema kit writes it of tick.linnet.

public import LinnetMessages
public import LinnetSchemaKit

extension Tick: KitMessage {
    public static func kitWalk(_ view: MessageView<Self>, into walk: inout KitWalk) {
        walk.take(view.price)
        walk.take(view.isFinal)
        walk.take(view[.note])
        walk.take(view[.places])
        walk.take(view.size)
    }
}

extension Tick.PlacesEntry: KitBlock {
    public static func kitWalk(_ view: MessageView<Self>, into walk: inout KitWalk) {
        walk.take(view.key)
        walk.take(view.value)
    }
}

extension OldTick: KitMessage {
    public static func kitWalk(_ view: MessageView<Self>, into walk: inout KitWalk) {
        walk.take(view.price)
        walk.take(view.isFinal)
        walk.take(view[.note])
        walk.take(view[.places])
    }
}

extension OldTick.PlacesEntry: KitBlock {
    public static func kitWalk(_ view: MessageView<Self>, into walk: inout KitWalk) {
        walk.take(view.key)
        walk.take(view.value)
    }
}

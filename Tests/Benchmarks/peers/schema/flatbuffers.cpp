// SPDX-License-Identifier: Apache-2.0
// FlatBuffers: the builder is reused, and with it its memory. `decode` runs the verifier, which does not look at
// the encoding of strings.
#include "bench.h"
#include "messages_generated.h"
#include "values.h"

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::span;

uint64_t term(const flatbuffers::String *text) { return ::term(text->data(), text->size()); }
using ::term;

Offset<flatbuffers::String> string(FlatBufferBuilder &builder, const std::string &text) {
    return builder.CreateString(text.data(), text.size());
}

Offset<fb::Car> build(FlatBufferBuilder &builder, const CarValues &car) {
    const size_t count = car.performance_figures.size();
    Offset<fb::PerformanceFigure> figures[8];
    for (size_t i = 0; i < count; i++) {
        const auto &figure = car.performance_figures[i];
        auto accelerations = builder.CreateVectorOfStructs<fb::Acceleration>(
            figure.accelerations.size(), [&](size_t j, fb::Acceleration *place) {
                *place = fb::Acceleration(figure.accelerations[j].mph, figure.accelerations[j].seconds);
            });
        figures[i] = fb::CreatePerformanceFigure(builder, figure.octane_rating, accelerations);
    }
    auto performance_figures = builder.CreateVector(figures, count);
    auto fuel_figures = builder.CreateVectorOfStructs<fb::FuelFigure>(
        car.fuel_figures.size(), [&](size_t i, fb::FuelFigure *place) {
            *place = fb::FuelFigure(car.fuel_figures[i].speed, car.fuel_figures[i].mpg);
        });
    auto manufacturer = string(builder, car.manufacturer);
    auto model = string(builder, car.model);
    auto letters = [](const std::string &text) { return reinterpret_cast<const uint8_t *>(text.data()); };
    fb::SomeNumbers some_numbers(span<const int32_t, 5>(car.some_numbers.data(), 5));
    fb::VehicleCode vehicle_code(span<const uint8_t, 6>(letters(car.vehicle_code), 6));
    fb::Engine engine(car.engine.capacity, car.engine.cylinder_count,
                      span<const uint8_t, 3>(letters(car.engine.manufacturer_code), 3));
    return fb::CreateCar(builder, car.serial_number, car.model_year, car.available, fb::Model(car.code), &some_numbers,
                         &vehicle_code, fb::Extras(car.extras), &engine, fuel_figures, performance_figures,
                         manufacturer, model);
}

uint64_t sum(const fb::Car &car) {
    const auto &engine = *car.engine();
    uint64_t sum = term(car.serial_number()) + term(car.model_year()) + term(car.available());
    sum += term(uint8_t(car.code())) + term(uint8_t(car.extras()));
    for (int32_t number : *car.some_numbers()->values()) sum += term(number);
    sum += term(car.vehicle_code()->letters()->data(), car.vehicle_code()->letters()->size());
    sum += term(engine.capacity()) + term(engine.num_cylinders());
    sum += term(engine.manufacturer_code()->data(), engine.manufacturer_code()->size());
    for (const auto *figure : *car.fuel_figures()) sum += term(figure->speed()) + term(figure->mpg());
    for (const auto *figure : *car.performance_figures()) {
        sum += term(figure->octane_rating());
        for (const auto *one : *figure->acceleration()) sum += term(one->mph()) + term(one->seconds());
    }
    return sum + term(car.manufacturer()) + term(car.model());
}

Offset<fb::MarketData> build(FlatBufferBuilder &builder, const MarketDataValues &data) {
    auto entries =
        builder.CreateVectorOfStructs<fb::Entry>(data.entries.size(), [&](size_t i, fb::Entry *place) {
            const auto &one = data.entries[i];
            *place = fb::Entry(one.trade_id, one.security_id, one.price, one.size, one.order_count, one.update_action,
                               one.rpt_seq, one.aggressor_side);
        });
    return fb::CreateMarketData(builder, data.transact_time, data.event_time_delta, data.match_event_indicator,
                                entries);
}

uint64_t sum(const fb::MarketData &data) {
    uint64_t sum = data.transact_time() + term(data.event_time_delta()) + term(data.match_event_indicator());
    for (const auto *one : *data.entries()) {
        sum += one->trade_id() + one->security_id() + term(one->price()) + term(one->size());
        sum += term(one->number_of_orders()) + term(one->update_action()) + term(one->rpt_seq());
        sum += term(one->aggressor_side());
    }
    return sum;
}

Offset<fb::FooBarContainer> build(FlatBufferBuilder &builder, const FooBarValues &values) {
    const size_t count = values.list.size();
    Offset<fb::FooBar> list[8];
    for (size_t i = 0; i < count; i++) {
        const auto &one = values.list[i];
        const auto &bar = one.sibling;
        fb::Foo foo(bar.parent.id, bar.parent.count, bar.parent.prefix, bar.parent.length);
        fb::Bar sibling(foo, bar.time, bar.ratio, bar.size);
        auto name = string(builder, one.name);
        list[i] = fb::CreateFooBar(builder, &sibling, name, one.rating, one.postfix);
    }
    auto location = string(builder, values.location);
    auto vector = builder.CreateVector(list, count);
    return fb::CreateFooBarContainer(builder, vector, values.initialized, fb::Fruit(values.fruit), location);
}

uint64_t sum(const fb::FooBarContainer &container) {
    uint64_t sum = term(container.initialized()) + term(int16_t(container.fruit())) + container.location()->size();
    for (const auto *one : *container.list()) {
        const auto &bar = *one->sibling();
        const auto &foo = bar.parent();
        sum += one->name()->size() + term(one->rating()) + term(one->postfix());
        sum += term(bar.time()) + term(bar.ratio()) + term(bar.size());
        sum += foo.id() + term(foo.count()) + term(foo.prefix()) + term(foo.length());
    }
    return sum;
}

Offset<fb::LogRecord> build(FlatBufferBuilder &builder, const LogValues &log) {
    auto identity = string(builder, log.identity);
    auto userid = string(builder, log.userid);
    auto date = string(builder, log.date);
    auto request = string(builder, log.request);
    fb::Address address(log.address[0], log.address[1], log.address[2], log.address[3]);
    return fb::CreateLogRecord(builder, &address, identity, userid, date, request, log.code, log.size);
}

uint64_t sum(const fb::LogRecord &log) {
    const auto &address = *log.address();
    uint64_t sum = term(address.x0()) + term(address.x1()) + term(address.x2()) + term(address.x3());
    sum += term(log.identity()) + term(log.userid()) + term(log.date()) + term(log.request());
    return sum + term(log.code()) + log.size();
}

template <class AllValues, class Message>
struct Bench {
    using Values = AllValues;
    static constexpr bool READS = true;

    const std::vector<Values> &values;
    FlatBufferBuilder builder;
    std::vector<std::vector<uint64_t>> encoded;  // aligned as the verifier wants it
    std::vector<size_t> sizes;

    explicit Bench(const std::vector<Values> &values) : values(values), builder(1024) {
        for (size_t i = 0; i < values.size(); i++) {
            size_t size = encode(i);
            encoded.emplace_back((size + 7) / 8);
            memcpy(encoded.back().data(), builder.GetBufferPointer(), size);
            sizes.push_back(size);
        }
    }

    uint64_t encode(size_t i) {
        builder.Clear();
        builder.Finish(build(builder, values[i]));
        return builder.GetSize();
    }

    uint64_t decode(size_t i) {
        flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t *>(encoded[i].data()), sizes[i]);
        return verifier.VerifyBuffer<Message>(nullptr) ? read(i) : 0;
    }

    uint64_t read(size_t i) { return sum(*flatbuffers::GetRoot<Message>(encoded[i].data())); }
};

}  // namespace

const std::vector<Entry> flatbuffers_entries = {
    {"flatbuffers", "car", measure<Bench<CarValues, fb::Car>>},
    {"flatbuffers", "market-data", measure<Bench<MarketDataValues, fb::MarketData>>},
    {"flatbuffers", "foo-bar", measure<Bench<FooBarValues, fb::FooBarContainer>>},
    {"flatbuffers", "log", measure<Bench<LogValues, fb::LogRecord>>},
};

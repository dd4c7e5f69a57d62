// SPDX-License-Identifier: Apache-2.0
// Cap'n Proto: a builder per message, as it wants it, in a buffer that is reused. The message is built behind
// the place of its segment table, so that it can be sent as it stands. Pointers are checked as they are followed:
// there is no reading without.
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <optional>

#include "bench.h"
#include "messages.capnp.h"
#include "values.h"

namespace {

uint64_t term(capnp::Text::Reader text) { return ::term(text.begin(), text.size()); }
using ::term;

capnp::Text::Reader text(const std::string &text) { return {text.data(), text.size()}; }

void build(cp::Car::Builder car, const CarValues &values) {
    car.setSerialNumber(values.serial_number);
    car.setModelYear(values.model_year);
    car.setAvailable(values.available);
    car.setCode(values.code);
    car.setSomeNumbers(kj::arrayPtr(values.some_numbers.data(), values.some_numbers.size()));
    car.setVehicleCode(text(values.vehicle_code));
    car.setExtras(values.extras);
    auto engine = car.initEngine();
    engine.setCapacity(values.engine.capacity);
    engine.setNumCylinders(values.engine.cylinder_count);
    engine.setManufacturerCode(text(values.engine.manufacturer_code));
    auto fuel_figures = car.initFuelFigures(values.fuel_figures.size());
    for (unsigned i = 0; i < fuel_figures.size(); i++) {
        auto figure = fuel_figures[i];
        figure.setSpeed(values.fuel_figures[i].speed);
        figure.setMpg(values.fuel_figures[i].mpg);
    }
    auto performance_figures = car.initPerformanceFigures(values.performance_figures.size());
    for (unsigned i = 0; i < performance_figures.size(); i++) {
        const auto &from = values.performance_figures[i];
        auto figure = performance_figures[i];
        figure.setOctaneRating(from.octane_rating);
        auto accelerations = figure.initAcceleration(from.accelerations.size());
        for (unsigned j = 0; j < accelerations.size(); j++) {
            auto acceleration = accelerations[j];
            acceleration.setMph(from.accelerations[j].mph);
            acceleration.setSeconds(from.accelerations[j].seconds);
        }
    }
    car.setManufacturer(text(values.manufacturer));
    car.setModel(text(values.model));
}

uint64_t sum(cp::Car::Reader car) {
    auto engine = car.getEngine();
    uint64_t sum = term(car.getSerialNumber()) + term(car.getModelYear()) + term(car.getAvailable());
    sum += term(car.getCode()) + term(car.getExtras());
    for (int32_t number : car.getSomeNumbers()) sum += term(number);
    sum += term(car.getVehicleCode());
    sum += term(engine.getCapacity()) + term(engine.getNumCylinders()) + term(engine.getManufacturerCode());
    for (auto figure : car.getFuelFigures()) sum += term(figure.getSpeed()) + term(figure.getMpg());
    for (auto figure : car.getPerformanceFigures()) {
        sum += term(figure.getOctaneRating());
        for (auto one : figure.getAcceleration()) sum += term(one.getMph()) + term(one.getSeconds());
    }
    return sum + term(car.getManufacturer()) + term(car.getModel());
}

void build(cp::MarketData::Builder data, const MarketDataValues &values) {
    data.setTransactTime(values.transact_time);
    data.setEventTimeDelta(values.event_time_delta);
    data.setMatchEventIndicator(values.match_event_indicator);
    auto entries = data.initEntries(values.entries.size());
    for (unsigned i = 0; i < entries.size(); i++) {
        const auto &from = values.entries[i];
        auto entry = entries[i];
        entry.setTradeId(from.trade_id);
        entry.setSecurityId(from.security_id);
        entry.setPrice(from.price);
        entry.setSize(from.size);
        entry.setNumberOfOrders(from.order_count);
        entry.setUpdateAction(from.update_action);
        entry.setRptSeq(from.rpt_seq);
        entry.setAggressorSide(from.aggressor_side);
    }
}

uint64_t sum(cp::MarketData::Reader data) {
    uint64_t sum = data.getTransactTime() + term(data.getEventTimeDelta()) + term(data.getMatchEventIndicator());
    for (auto one : data.getEntries()) {
        sum += one.getTradeId() + one.getSecurityId() + term(one.getPrice()) + term(one.getSize());
        sum += term(one.getNumberOfOrders()) + term(one.getUpdateAction()) + term(one.getRptSeq());
        sum += term(one.getAggressorSide());
    }
    return sum;
}

void build(cp::FooBarContainer::Builder container, const FooBarValues &values) {
    auto list = container.initList(values.list.size());
    for (unsigned i = 0; i < list.size(); i++) {
        const auto &from = values.list[i];
        auto one = list[i];
        auto bar = one.initSibling();
        auto foo = bar.initParent();
        foo.setId(from.sibling.parent.id);
        foo.setCount(from.sibling.parent.count);
        foo.setPrefix(from.sibling.parent.prefix);
        foo.setLength(from.sibling.parent.length);
        bar.setTime(from.sibling.time);
        bar.setRatio(from.sibling.ratio);
        bar.setSize(from.sibling.size);
        one.setName(text(from.name));
        one.setRating(from.rating);
        one.setPostfix(from.postfix);
    }
    container.setInitialized(values.initialized);
    container.setFruit(cp::Fruit(values.fruit));
    container.setLocation(text(values.location));
}

uint64_t sum(cp::FooBarContainer::Reader container) {
    uint64_t sum = term(container.getInitialized()) + term(uint16_t(container.getFruit()));
    sum += container.getLocation().size();
    for (auto one : container.getList()) {
        auto bar = one.getSibling();
        auto foo = bar.getParent();
        sum += one.getName().size() + term(one.getRating()) + term(one.getPostfix());
        sum += term(bar.getTime()) + term(bar.getRatio()) + term(bar.getSize());
        sum += foo.getId() + term(foo.getCount()) + term(foo.getPrefix()) + term(foo.getLength());
    }
    return sum;
}

void build(cp::LogRecord::Builder log, const LogValues &values) {
    auto address = log.initAddress();
    address.setX0(values.address[0]);
    address.setX1(values.address[1]);
    address.setX2(values.address[2]);
    address.setX3(values.address[3]);
    log.setIdentity(text(values.identity));
    log.setUserid(text(values.userid));
    log.setDate(text(values.date));
    log.setRequest(text(values.request));
    log.setCode(values.code);
    log.setSize(values.size);
}

uint64_t sum(cp::LogRecord::Reader log) {
    auto address = log.getAddress();
    uint64_t sum = term(address.getX0()) + term(address.getX1()) + term(address.getX2()) + term(address.getX3());
    sum += term(log.getIdentity()) + term(log.getUserid()) + term(log.getDate()) + term(log.getRequest());
    return sum + term(log.getCode()) + log.getSize();
}

template <class AllValues, class Message>
struct Bench {
    using Values = AllValues;
    static constexpr bool READS = false;

    const std::vector<Values> &values;
    capnp::word buffer[256] = {};  // the segment table, then the only segment
    std::optional<capnp::MallocMessageBuilder> builder;
    std::vector<std::vector<capnp::word>> encoded;

    explicit Bench(const std::vector<Values> &values) : values(values) {
        for (size_t i = 0; i < values.size(); i++) {
            size_t words = encode(i) / sizeof(capnp::word);
            encoded.emplace_back(buffer, buffer + words);
        }
    }

    uint64_t encode(size_t i) {
        builder.reset();  // makes the segment zero again
        builder.emplace(kj::arrayPtr(buffer + 1, 255));
        build(builder->template initRoot<Message>(), values[i]);
        auto segments = builder->getSegmentsForOutput();
        if (segments.size() != 1) abort();
        const uint32_t table[2] = {0, uint32_t(segments[0].size())};
        memcpy(buffer, table, sizeof table);
        return (1 + segments[0].size()) * sizeof(capnp::word);
    }

    uint64_t decode(size_t i) {
        capnp::FlatArrayMessageReader reader(kj::arrayPtr(encoded[i].data(), encoded[i].size()));
        return sum(reader.getRoot<Message>());
    }
};

}  // namespace

const std::vector<Entry> capnproto_entries = {
    {"capnproto", "car", measure<Bench<CarValues, cp::Car>>},
    {"capnproto", "market-data", measure<Bench<MarketDataValues, cp::MarketData>>},
    {"capnproto", "foo-bar", measure<Bench<FooBarValues, cp::FooBarContainer>>},
    {"capnproto", "log", measure<Bench<LogValues, cp::LogRecord>>},
};

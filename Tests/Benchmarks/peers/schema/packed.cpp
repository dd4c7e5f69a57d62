// SPDX-License-Identifier: Apache-2.0
// What a careful person writes by hand for just these messages, and what the machine can do: fields packed in
// order, Car and MarketData in the bytes of SBE, one check of the size for each run of fixed fields and for each
// string. No schema, no access but in order, nothing that could be added later without a new format.
#include "bench.h"
#include "values.h"

namespace {

struct Truncated {};

/// Into memory that has room for all. It is passed by value, so that its place can stay in a register.
struct Writer {
    uint8_t *at;

    template <class... Fields>
    void put(Fields... fields) {
        ((memcpy(at, &fields, sizeof fields), at += sizeof fields), ...);
    }
    void put_bytes(const std::string &text) {
        memcpy(at, text.data(), text.size());
        at += text.size();
    }
    template <class Length>
    void put_text(const std::string &text) {
        put(Length(text.size()));
        put_bytes(text);
    }
};

/// Fields of one run, which is known to be there.
struct Block {
    const uint8_t *at;

    template <class Field>
    Field next() {
        Field field;
        memcpy(&field, at, sizeof field);
        at += sizeof field;
        return field;
    }
    template <class... Fields>
    uint64_t sum() {
        return (term(next<Fields>()) + ...);
    }
};

template <bool verifies>
struct Reader {
    const uint8_t *at, *end;

    Block take(size_t size) {
        if (verifies && size_t(end - at) < size) throw Truncated();
        at += size;
        return {at - size};
    }
    /// A length and its bytes.
    template <class Length>
    std::pair<const uint8_t *, size_t> text() {
        const size_t size = take(sizeof(Length)).template next<Length>();
        return {take(size).at, size};
    }
    template <class Length>
    uint64_t sum_of_text() {
        auto [bytes, size] = text<Length>();
        return term(bytes, size);
    }
    /// The count of a group of SBE whose entries have a size that is known.
    uint16_t group(uint16_t size) {
        Block head = take(4);
        if (head.next<uint16_t>() != size && verifies) throw Truncated();
        return head.next<uint16_t>();
    }
};

constexpr uint16_t FUEL_FIGURE = 6, PERFORMANCE_FIGURE = 1, ACCELERATION = 6, ENTRY = 33;

/// The header of SBE: length of the root block, template, schema, version.
Writer header(Writer out, uint16_t block_length) {
    out.put(block_length, uint16_t(1), uint16_t(1), uint16_t(0));
    return out;
}

uint8_t *build(Writer out, const CarValues &car) {
    out = header(out, 41);
    out.put(car.serial_number, car.model_year, car.available, car.code);
    for (int32_t number : car.some_numbers) out.put(number);
    out.put_bytes(car.vehicle_code);
    out.put(car.extras, car.engine.capacity, car.engine.cylinder_count);
    out.put_bytes(car.engine.manufacturer_code);
    out.put(FUEL_FIGURE, uint16_t(car.fuel_figures.size()));
    for (const auto &figure : car.fuel_figures) out.put(figure.speed, figure.mpg);
    out.put(PERFORMANCE_FIGURE, uint16_t(car.performance_figures.size()));
    for (const auto &figure : car.performance_figures) {
        out.put(figure.octane_rating, ACCELERATION, uint16_t(figure.accelerations.size()));
        for (const auto &one : figure.accelerations) out.put(one.mph, one.seconds);
    }
    out.put_text<uint32_t>(car.manufacturer);
    out.put_text<uint32_t>(car.model);
    return out.at;
}

template <bool verifies>
uint64_t sum(Reader<verifies> in, const CarValues *) {
    in.take(8);
    Block root = in.take(41);
    uint64_t sum = root.sum<uint32_t, uint16_t, bool, uint8_t>();
    sum += root.sum<int32_t, int32_t, int32_t, int32_t, int32_t>();
    sum += term(root.at, 6);
    root.at += 6;
    sum += root.sum<uint8_t, uint16_t, uint8_t>() + term(root.at, 3);
    for (uint16_t count = in.group(FUEL_FIGURE); count > 0; count--) sum += in.take(6).template sum<uint16_t, float>();
    for (uint16_t count = in.group(PERFORMANCE_FIGURE); count > 0; count--) {
        sum += in.take(1).template sum<uint8_t>();
        for (uint16_t inner = in.group(ACCELERATION); inner > 0; inner--)
            sum += in.take(6).template sum<uint16_t, float>();
    }
    sum += in.template sum_of_text<uint32_t>();
    return sum + in.template sum_of_text<uint32_t>();
}

uint8_t *build(Writer out, const MarketDataValues &data) {
    out = header(out, 11);
    out.put(data.transact_time, data.event_time_delta, data.match_event_indicator);
    out.put(ENTRY, uint16_t(data.entries.size()));
    for (const auto &one : data.entries)
        out.put(one.trade_id, one.security_id, one.price, one.size, one.order_count, one.update_action, one.rpt_seq,
                one.aggressor_side);
    return out.at;
}

template <bool verifies>
uint64_t sum(Reader<verifies> in, const MarketDataValues *) {
    in.take(8);
    uint64_t sum = in.take(11).template sum<uint64_t, uint16_t, uint8_t>();
    for (uint16_t count = in.group(ENTRY); count > 0; count--)
        sum += in.take(ENTRY)
                   .template sum<uint64_t, uint64_t, int64_t, int32_t, uint16_t, uint8_t, uint8_t, uint8_t>();
    return sum;
}

uint8_t *build(Writer out, const FooBarValues &values) {
    out.put(values.initialized, values.fruit, uint16_t(values.list.size()));
    for (const auto &one : values.list) {
        const auto &bar = one.sibling;
        out.put(bar.parent.id, bar.parent.count, bar.parent.prefix, bar.parent.length);
        out.put(bar.time, bar.ratio, bar.size, one.rating, one.postfix);
        out.put_text<uint16_t>(one.name);
    }
    out.put_text<uint16_t>(values.location);
    return out.at;
}

template <bool verifies>
uint64_t sum(Reader<verifies> in, const FooBarValues *) {
    Block root = in.take(5);
    uint64_t sum = root.sum<bool, int16_t>();
    for (uint16_t count = root.next<uint16_t>(); count > 0; count--) {
        Block one = in.take(34);
        sum += one.sum<uint64_t, int16_t, int8_t, uint32_t>() + one.sum<int32_t, float, uint16_t, double, uint8_t>();
        sum += in.template text<uint16_t>().second;
    }
    return sum + in.template text<uint16_t>().second;
}

uint8_t *build(Writer out, const LogValues &log) {
    out.put(log.address[0], log.address[1], log.address[2], log.address[3], log.code, log.size);
    for (const std::string *text : {&log.identity, &log.userid, &log.date, &log.request})
        out.put_text<uint16_t>(*text);
    return out.at;
}

template <bool verifies>
uint64_t sum(Reader<verifies> in, const LogValues *) {
    uint64_t sum = in.take(14).template sum<uint8_t, uint8_t, uint8_t, uint8_t, uint16_t, uint64_t>();
    for (int i = 0; i < 4; i++) sum += in.template sum_of_text<uint16_t>();
    return sum;
}

template <class AllValues>
struct Bench {
    using Values = AllValues;
    static constexpr bool READS = true;

    const std::vector<Values> &values;
    uint8_t buffer[1024];
    std::vector<std::vector<uint8_t>> encoded;

    explicit Bench(const std::vector<Values> &values) : values(values) {
        for (size_t i = 0; i < values.size(); i++) {
            const size_t size = encode(i);
            encoded.emplace_back(buffer, buffer + size);
        }
    }

    uint64_t encode(size_t i) {
        return uint64_t(build(Writer{buffer}, values[i]) - buffer);
    }

    template <bool verifies>
    uint64_t sum_of(size_t i) {
        const auto &bytes = encoded[i];
        return sum(Reader<verifies>{bytes.data(), bytes.data() + bytes.size()}, &values[i]);
    }

    uint64_t decode(size_t i) {
        try {
            return sum_of<true>(i);
        } catch (Truncated) {
            return 0;
        }
    }

    uint64_t read(size_t i) { return sum_of<false>(i); }
};

}  // namespace

const std::vector<Entry> packed_entries = {
    {"packed", "car", measure<Bench<CarValues>>},
    {"packed", "market-data", measure<Bench<MarketDataValues>>},
    {"packed", "foo-bar", measure<Bench<FooBarValues>>},
    {"packed", "log", measure<Bench<LogValues>>},
};

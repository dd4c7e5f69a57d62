// SPDX-License-Identifier: Apache-2.0
// Measures one message of one peer and prints a line of JSON: what ../../Sources/SchemaBench does for Swift,
// which says what the operations and the sum are.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "CCosts.h"

struct Cost {
    double ns = -1, allocations = -1;
};

/// Does as many operations, a multiple of `records`, as are asked for by `seconds`.
template <class Loop>
Cost cost(size_t records, double seconds, Loop loop) {
    auto ns = [&](size_t count) {
        auto begin = std::chrono::steady_clock::now();
        loop(count);
        return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
    };
    size_t count = records;
    double spent = ns(count);
    while (spent < 2e6) spent = ns(count *= 2);
    size_t rounds = size_t(double(count / records) * seconds * 1e9 / spent);
    count = records * (rounds ? rounds : 1);
    Cost cost;
    int64_t allocations = costs_allocation_count();
    cost.ns = ns(count) / double(count);
    if (allocations >= 0) cost.allocations = double(costs_allocation_count() - allocations) / double(count);
    return cost;
}

/// Runs an operation of a bench, record by record; the sum of what it returns. A function per bench and
/// operation. The opaque index keeps the optimizer from doing the work of many rounds once.
template <class Bench, auto operation>
__attribute__((noinline)) uint64_t loop(Bench &bench, size_t records, size_t count) {
    uint64_t sum = 0;
    size_t index = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (bench.*operation)(size_t(costs_opaque(intptr_t(index))));
        index = index + 1 == records ? 0 : index + 1;
    }
    return sum;
}

inline std::string json(Cost cost) {
    if (cost.ns < 0) return "null";
    char text[200];
    std::string allocations = cost.allocations < 0 ? "null" : std::to_string(cost.allocations);
    snprintf(text, sizeof text, R"({"ns": %.3f, "allocations": %s, "reference_counts": null})", cost.ns,
             allocations.c_str());
    return text;
}

/// A `Bench` is made from all `Values` of its message, encodes each once, and has `encode` (the bytes on the wire),
/// `decode` and `read` (the sum) of the record of an index. `read` does not verify; unless `READS`, there is none.
template <class Bench>
void measure(const char *peer, const char *message, double seconds) {
    const auto values = Bench::Values::all();
    const size_t records = values.size();
    Bench bench(values);
    const uint64_t bytes = loop<Bench, &Bench::encode>(bench, records, records);
    const uint64_t sum = loop<Bench, &Bench::decode>(bench, records, records);
    Cost encode = cost(records, seconds, [&](size_t n) { loop<Bench, &Bench::encode>(bench, records, n); });
    Cost decode = cost(records, seconds, [&](size_t n) { loop<Bench, &Bench::decode>(bench, records, n); });
    Cost read;
    if constexpr (Bench::READS) {
        if (sum != loop<Bench, &Bench::read>(bench, records, records)) {
            fprintf(stderr, "%s %s: reading without verifying finds other values\n", peer, message);
            exit(1);
        }
        read = cost(records, seconds, [&](size_t n) { loop<Bench, &Bench::read>(bench, records, n); });
    }
    printf(R"({"peer": "%s", "message": "%s", "bytes": %.3f, "sum": %llu, "encode": %s, "decode": %s, "read": %s})"
           "\n",
           peer, message, double(bytes) / double(records), (unsigned long long)sum, json(encode).c_str(),
           json(decode).c_str(), json(read).c_str());
}

/// What the program can measure.
struct Entry {
    const char *peer, *message;
    void (*measure)(const char *peer, const char *message, double seconds);
};

extern const std::vector<Entry> flatbuffers_entries, capnproto_entries, packed_entries;

// The parts of a sum.
inline uint64_t term(float value) { return uint64_t(int64_t(value)); }
inline uint64_t term(double value) { return uint64_t(int64_t(value)); }
template <class Integer>
uint64_t term(Integer value) {
    return uint64_t(int64_t(value));
}

/// Of a string: its length and its first byte.
inline uint64_t term(const void *bytes, size_t size) {
    return size + (size ? *static_cast<const uint8_t *>(bytes) : 0);
}

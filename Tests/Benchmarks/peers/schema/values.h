// SPDX-License-Identifier: Apache-2.0
// The values that all encode: those of ../../Sources/SchemaBench, letter by letter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct CarValues {
    struct Engine {
        uint16_t capacity = 2000;
        uint8_t cylinder_count = 4;
        std::string manufacturer_code = "123";
    };
    struct FuelFigure {
        uint16_t speed;
        float mpg;
    };
    struct Acceleration {
        uint16_t mph;
        float seconds;
    };
    struct PerformanceFigure {
        uint8_t octane_rating;
        std::vector<Acceleration> accelerations;
    };

    uint32_t serial_number = 1234;
    uint16_t model_year = 2013;
    bool available = true;
    uint8_t code = 'A';
    std::vector<int32_t> some_numbers = {1, 2, 3, 4, 5};
    std::string vehicle_code = "abcdef";
    uint8_t extras = 0b110;
    Engine engine;
    std::vector<FuelFigure> fuel_figures = {{30, 35.9f}, {55, 49.0f}, {75, 40.0f}};
    std::vector<PerformanceFigure> performance_figures = {
        {95, {{30, 4.0f}, {60, 7.5f}, {100, 12.2f}}},
        {99, {{30, 3.8f}, {60, 7.1f}, {100, 11.8f}}},
    };
    std::string manufacturer = "Honda";
    std::string model = "Civic VTi";

    static std::vector<CarValues> all() { return {CarValues()}; }
};

struct MarketDataValues {
    struct Entry {
        uint64_t trade_id = 1234;
        uint64_t security_id = 56789;
        int64_t price = 50;
        int32_t size = 10;
        uint16_t order_count = 1;
        uint8_t update_action = 0;
        uint8_t rpt_seq = 1;
        uint8_t aggressor_side = '1';
    };

    uint64_t transact_time = 1234;
    uint16_t event_time_delta = 987;
    uint8_t match_event_indicator = 'E';
    std::vector<Entry> entries = {Entry(), Entry()};

    static std::vector<MarketDataValues> all() { return {MarketDataValues()}; }
};

struct FooBarValues {
    struct Foo {
        uint64_t id;
        int16_t count;
        int8_t prefix;
        uint32_t length;
    };
    struct Bar {
        Foo parent;
        int32_t time;
        float ratio;
        uint16_t size;
    };
    struct FooBar {
        Bar sibling;
        std::string name;
        double rating;
        uint8_t postfix;

        explicit FooBar(int i)
            : sibling{{0xABADCAFEABADCAFEull + i, int16_t(10000 + i), int8_t('@' + i), 1000000u + i},
                      123456 + i,
                      3.14159f + i,
                      uint16_t(10000 + i)},
              name("Hello, World!"),
              rating(3.1415432445543543 + i),
              postfix('!' + i) {}
    };

    std::vector<FooBar> list = {FooBar(0), FooBar(1), FooBar(2)};
    bool initialized = true;
    int16_t fruit = 2;
    std::string location = "http://google.com/flatbuffers/";

    static std::vector<FooBarValues> all() { return {FooBarValues()}; }
};

struct LogValues {
    uint8_t address[4];
    std::string identity = "-";
    std::string userid, date, request;
    uint16_t code;
    uint64_t size;

    /// The same thousand in all programs.
    static std::vector<LogValues> all();
};

// SPDX-License-Identifier: Apache-2.0
#include "values.h"

namespace {

// Knuth's linear congruential generator (MMIX), its upper half.
struct Random {
    uint64_t state = 6;

    int below(int bound) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return int((state >> 33) % uint64_t(bound));
    }

    template <class Value>
    const Value &any(const std::vector<Value> &values) {
        return values[below(int(values.size()))];
    }
};

using Strings = std::vector<std::string>;
const Strings USERS = {"-", "anna", "ben", "carla", "dmitri", "eva", "felix", "hannah"};
const Strings MONTHS = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
const Strings ZONES = {"-0800", "-0500", "+0000", "+0100", "+0530", "+0900"};
const Strings METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"};
const Strings ROUTES = {"/index.html",
                        "/styles/main.css",
                        "/styles/fonts.min.css",
                        "/images/logo-small.svg",
                        "/images/title.jpg",
                        "/account/login",
                        "/account/logout"};
const Strings PROTOCOLS = {"HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/3"};
const std::vector<uint16_t> CODES = {200, 201, 204, 301, 302, 304, 400, 401, 403, 404, 500, 503};

LogValues next(Random &random) {
    LogValues log;
    for (uint8_t &x : log.address) x = uint8_t(random.below(256));
    log.userid = random.any(USERS);
    log.date = std::to_string(random.below(28) + 1);
    log.date += "/" + random.any(MONTHS);
    log.date += "/" + std::to_string(random.below(52) + 1970);
    for (int bound : {24, 60, 60}) log.date += ":" + std::to_string(random.below(bound));
    log.date += " " + random.any(ZONES);
    log.request = random.any(METHODS);
    log.request += " " + random.any(ROUTES);
    log.request += " " + random.any(PROTOCOLS);
    log.code = random.any(CODES);
    log.size = uint64_t(random.below(100000000));
    return log;
}

}  // namespace

std::vector<LogValues> LogValues::all() {
    Random random;
    std::vector<LogValues> logs;
    for (int i = 0; i < 1000; i++) logs.push_back(next(random));
    return logs;
}

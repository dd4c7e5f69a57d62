/* SPDX-License-Identifier: Apache-2.0 */
/* A load generator that favours nobody: one thread, epoll, closed loop over TCP.
 *
 *   loadgen --port P [--mode raw|packet|http] [--connections N] [--depth D] [--size BYTES]
 *           [--warmup S] [--duration S] [--server-pid PID]
 *
 * Each connection keeps D messages under way: a reply releases the next one. Latency is what such a client sees,
 * without the time that messages of an open loop would wait for their turn to be sent.
 *
 * raw:    messages of BYTES, which begin with their number; the same has to come back, in order.
 * packet: a header of 24 bytes (packet.h) and a payload of BYTES; of each reply magic, size, number and checksum are
 *         verified.
 * http:   requests of BYTES in all, a POST whose body makes up the length, or a plain GET if BYTES is 0; each reply
 *         needs status 200 and a Content-Length.
 *
 * Prints one line of JSON. A wrong reply ends its connection and is an error; the exit code is 1 if there is one.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

#include "connect.h"
#include "histogram.h"
#include "packet.h"
#include "process.h"

enum { max_event_count = 1024, max_head_size = 512 };
enum mode { raw_mode, packet_mode, http_mode };

struct connection {
    int socket; /* -1 when it has failed */
    bool waits_to_send;
    uint64_t sent;         /* whole messages */
    size_t sent_of_next;   /* bytes of the one behind them */
    uint64_t allowed;      /* messages that may be sent */
    uint64_t received;     /* whole replies */
    size_t received_bytes; /* of the one behind them */
    uint64_t *sent_at;     /* by number, modulo depth */
    uint8_t header[header_size];
    char head[max_head_size]; /* http */
    size_t head_size, body_rest;
};

static struct {
    enum mode mode;
    int port, connections, depth, server_pid;
    size_t size;
    double warmup, duration;
} options = {.connections = 64, .depth = 1, .size = 64, .warmup = 0.5, .duration = 5};

static uint8_t *message; /* all that a message says, but for its number */
static size_t message_size, batch_size, reply_header_size;
static uint8_t *batch;
static uint8_t input[512 * 1024];
static int poller;
static bool is_measuring;
static uint64_t reply_count, reply_bytes, error_count;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* MARK: sending */

static void fail(struct connection *connection) {
    error_count++;
    close(connection->socket);
    connection->socket = -1;
}

static void wait_to_send(struct connection *connection, bool waits) {
    if (connection->waits_to_send == waits) return;
    connection->waits_to_send = waits;
    struct epoll_event event = {.events = EPOLLIN | (waits ? EPOLLOUT : 0), .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_MOD, connection->socket, &event);
}

static void put_message(uint8_t *place, uint64_t number) {
    memcpy(place, message, message_size);
    if (options.mode == packet_mode) {
        memcpy(place + seq_offset, &number, 8);
        uint32_t checksum = header_checksum(place);
        memcpy(place + checksum_offset, &checksum, 4);
    } else if (reply_header_size) {
        memcpy(place, &number, 8);
    }
}

/* Sends all that may be sent. What a socket takes in part is made again from its number. */
static void send_allowed(struct connection *connection, uint64_t time) {
    while (connection->sent < connection->allowed) {
        size_t count = 0, skipped = connection->sent_of_next;
        for (uint64_t number = connection->sent;
             number < connection->allowed && count + message_size <= batch_size; number++) {
            put_message(batch + count, number);
            count += message_size;
            bool has_begun = number == connection->sent && skipped;
            if (!has_begun) connection->sent_at[number % (uint64_t)options.depth] = time;
        }
        ssize_t sent = send(connection->socket, batch + skipped, count - skipped, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return fail(connection);
        if (sent < 0) return wait_to_send(connection, true);
        connection->sent += (skipped + (size_t)sent) / message_size;
        connection->sent_of_next = (skipped + (size_t)sent) % message_size;
        if (skipped + (size_t)sent < count) return wait_to_send(connection, true);
    }
    wait_to_send(connection, false);
}

/* MARK: replies */

static void complete(struct connection *connection, uint64_t time, size_t size) {
    if (is_measuring) {
        uint64_t slot = connection->received % (uint64_t)options.depth;
        histogram_add(time - connection->sent_at[slot]);
        reply_count++;
        reply_bytes += size;
    }
    connection->received++;
    connection->allowed++;
}

static bool is_expected(const struct connection *connection, const uint8_t *header) {
    uint64_t number;
    if (options.mode == raw_mode) {
        memcpy(&number, header, sizeof number);
        return number == connection->received;
    }
    uint32_t magic, size, checksum;
    memcpy(&magic, header, 4);
    memcpy(&size, header + size_offset, 4);
    memcpy(&number, header + seq_offset, 8);
    memcpy(&checksum, header + checksum_offset, 4);
    return magic == packet_magic && size == message_size && number == connection->received &&
           checksum == header_checksum(header);
}

/* Replies that are as long as what was sent. False if one is wrong. */
static bool take_echoes(struct connection *connection, const uint8_t *bytes, size_t count,
                        uint64_t time) {
    while (count) {
        if (!connection->received_bytes && count >= message_size) {
            if (reply_header_size && !is_expected(connection, bytes)) return false;
            complete(connection, time, message_size);
            bytes += message_size, count -= message_size;
            continue;
        }
        size_t taken = message_size - connection->received_bytes;
        if (taken > count) taken = count;
        if (connection->received_bytes < reply_header_size) {
            size_t part = reply_header_size - connection->received_bytes;
            if (part > taken) part = taken;
            memcpy(connection->header + connection->received_bytes, bytes, part);
            bool is_whole = connection->received_bytes + part == reply_header_size;
            if (is_whole && !is_expected(connection, connection->header)) return false;
        }
        connection->received_bytes += taken;
        bytes += taken, count -= taken;
        if (connection->received_bytes == message_size) {
            connection->received_bytes = 0;
            complete(connection, time, message_size);
        }
    }
    return true;
}

/* Replies with a head and a body of the length that it names. False if one is wrong. */
static bool take_responses(struct connection *connection, const uint8_t *bytes, size_t count,
                           uint64_t time) {
    while (count) {
        size_t taken;
        if (connection->body_rest) {
            taken = connection->body_rest < count ? connection->body_rest : count;
            connection->body_rest -= taken;
        } else {
            size_t old = connection->head_size, part = max_head_size - 1 - old;
            if (part > count) part = count;
            memcpy(connection->head + old, bytes, part);
            connection->head_size += part;
            connection->head[connection->head_size] = 0;
            char *end = strstr(connection->head, "\r\n\r\n");
            if (!end) return connection->head_size < max_head_size - 1;
            if (strncmp(connection->head, "HTTP/1.1 200", 12)) return false;
            end[2] = 0;
            char *length = strcasestr(connection->head, "\ncontent-length:");
            if (!length) return false;
            connection->body_rest = strtoul(length + strlen("\ncontent-length:"), NULL, 10);
            connection->received_bytes = old;
            connection->head_size = 0;
            taken = (size_t)(end - connection->head) + 4 - old;
        }
        connection->received_bytes += taken;
        bytes += taken, count -= taken;
        if (!connection->body_rest) {
            complete(connection, time, connection->received_bytes);
            connection->received_bytes = 0;
        }
    }
    return true;
}

static void receive(struct connection *connection) {
    ssize_t count;
    do {
        count = recv(connection->socket, input, sizeof input, 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return fail(connection);
        uint64_t time = now();
        bool is_right = options.mode == http_mode
                            ? take_responses(connection, input, (size_t)count, time)
                            : take_echoes(connection, input, (size_t)count, time);
        if (!is_right) return fail(connection);
        if (!connection->waits_to_send) send_allowed(connection, time);
    } while (connection->socket >= 0 && (size_t)count == sizeof input);
}

/* MARK: the run */

static struct connection *start(void) {
    struct connection *connections = calloc((size_t)options.connections, sizeof *connections);
    uint64_t *times = calloc((size_t)options.connections * (size_t)options.depth, sizeof *times);
    int *sockets = calloc((size_t)options.connections, sizeof *sockets);
    if (!connections || !times || !sockets) die("memory");
    connect_all(options.port, sockets, options.connections);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < options.connections; i++) {
        connections[i].socket = sockets[i];
        connections[i].allowed = (uint64_t)options.depth;
        connections[i].sent_at = times + (size_t)i * (size_t)options.depth;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].socket, &event)) die("epoll_ctl");
    }
    free(sockets);
    for (int i = 0; i < options.connections; i++) send_allowed(&connections[i], now());
    return connections;
}

static void make_message(void) {
    char head[256];
    size_t head_size = 0;
    if (options.mode == http_mode) {
        const char *get = "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: loadgen\r\n"
                          "Accept: */*\r\n\r\n";
        const char *post = "POST / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: loadgen\r\n"
                           "Content-Length: %6zu\r\n\r\n";
        head_size = (size_t)snprintf(head, sizeof head, post, (size_t)0);
        if (options.size > head_size) {
            snprintf(head, sizeof head, post, options.size - head_size);
        } else {
            head_size = (size_t)snprintf(head, sizeof head, "%s", get);
        }
        message_size = options.size > head_size ? options.size : head_size;
    } else {
        message_size = options.size + (options.mode == packet_mode ? header_size : 0);
        reply_header_size = options.mode == packet_mode ? header_size : options.size < 8 ? 0 : 8;
    }
    message = malloc(message_size);
    batch_size = message_size * (size_t)options.depth;
    batch = malloc(batch_size);
    if (!message || !batch) die("memory");
    for (size_t i = 0; i < message_size; i++) message[i] = (uint8_t)('a' + i % 26);
    memcpy(message, head, head_size);
    if (options.mode == packet_mode) {
        uint32_t size = (uint32_t)message_size;
        uint16_t version = 1, flags = 0;
        memcpy(message, &packet_magic, 4);
        memcpy(message + version_offset, &version, 2);
        memcpy(message + flags_offset, &flags, 2);
        memcpy(message + size_offset, &size, 4);
    }
}

static void serve_until(uint64_t end) {
    struct epoll_event events[max_event_count];
    while (now() < end && error_count < (uint64_t)options.connections) {
        int count = epoll_wait(poller, events, max_event_count, 20);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) send_allowed(connection, now());
            if (connection->socket >= 0 && (events[i].events & ~EPOLLOUT)) receive(connection);
        }
    }
}

static double own_cpu_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void measure(const struct connection *connections) {
    serve_until(now() + (uint64_t)(options.warmup * 1e9));
    int pid = options.server_pid;
    double own_cpu = own_cpu_seconds(), server_cpu = pid ? process_cpu_seconds(pid) : 0;
    uint64_t begin = now();
    is_measuring = true;
    serve_until(begin + (uint64_t)(options.duration * 1e9));
    double seconds = (double)(now() - begin) / 1e9;
    own_cpu = own_cpu_seconds() - own_cpu;
    server_cpu = pid ? process_cpu_seconds(pid) - server_cpu : 0;
    int starved = 0;
    for (int i = 0; i < options.connections; i++) starved += connections[i].received == 0;
    printf("{\"messages_per_second\": %.0f, \"bytes_per_second\": %.0f, \"p50_us\": %.2f, "
           "\"p99_us\": %.2f, \"p999_us\": %.2f, \"max_us\": %.2f, \"errors\": %llu, \"starved\": %d, "
           "\"load_cpu\": %.3f, \"server_cpu\": %.3f, \"server_ns_per_message\": %.1f, "
           "\"server_resident_kib\": %ld}\n",
           (double)reply_count / seconds, (double)reply_bytes / seconds, histogram_percentile(50),
           histogram_percentile(99), histogram_percentile(99.9), (double)histogram.max / 1000,
           (unsigned long long)error_count, starved, own_cpu / seconds, server_cpu / seconds,
           reply_count ? server_cpu * 1e9 / (double)reply_count : 0,
           pid ? process_resident_kib(pid) : 0);
}

static bool parse_options(int count, char **arguments) {
    static const struct option names[] = {
        {"port", 1, 0, 'p'},     {"mode", 1, 0, 'm'},       {"connections", 1, 0, 'c'},
        {"depth", 1, 0, 'd'},    {"size", 1, 0, 's'},       {"warmup", 1, 0, 'w'},
        {"duration", 1, 0, 't'}, {"server-pid", 1, 0, 'P'}, {0},
    };
    for (int name; (name = getopt_long(count, arguments, "", names, NULL)) != -1;) {
        switch (name) {
        case 'p': options.port = atoi(optarg); break;
        case 'm':
            options.mode = !strcmp(optarg, "packet") ? packet_mode
                           : !strcmp(optarg, "http") ? http_mode
                                                     : raw_mode;
            break;
        case 'c': options.connections = atoi(optarg); break;
        case 'd': options.depth = atoi(optarg); break;
        case 's': options.size = strtoul(optarg, NULL, 10); break;
        case 'w': options.warmup = atof(optarg); break;
        case 't': options.duration = atof(optarg); break;
        case 'P': options.server_pid = atoi(optarg); break;
        default: return false;
        }
    }
    bool has_bytes = options.mode != raw_mode || options.size > 0;
    return options.port && options.depth > 0 && options.connections > 0 && has_bytes;
}

int main(int count, char **arguments) {
    if (!parse_options(count, arguments)) {
        fprintf(stderr, "usage: see the head of loadgen.c\n");
        return 2;
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    make_message();
    measure(start());
    return error_count > 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The base of all comparisons: one thread, edge-triggered epoll, no framework and no limits.
 *
 *   echo PORT raw|packet|http
 *
 * raw:    the bytes go back as they came. They are read into one buffer for all connections.
 * packet: cuts the stream at 24-byte headers, checks magic, size and CRC, writes a new header with a CRC of its own,
 *         copies the payload behind it, and sends what one read brought with one system call.
 * http:   answers each "\r\n\r\n" with a constant response. That is a limit, not a server of HTTP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "packet.h"

enum { read_size = 64 * 1024, max_event_count = 1024 };
enum mode { raw_mode, packet_mode, http_mode };

/* Bytes on the heap, which exist only while there are some. */
struct bytes {
    uint8_t *start;
    size_t count, capacity;
};

struct connection {
    struct bytes unsent;
    struct bytes incomplete; /* packet: the beginning of a packet */
    uint8_t matched;         /* http: how much of "\r\n\r\n" was there */
};

static enum mode mode;
static int poller;
static struct connection *connections; /* by descriptor */
static size_t connection_capacity;
static uint8_t input[read_size];
static struct bytes output; /* the answers to one read */

static const char response[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 14\r\nContent-Type: text/plain\r\n\r\nHello, World!\n";

static void *grown(void *memory, size_t size) {
    memory = realloc(memory, size);
    if (!memory) abort();
    return memory;
}

static void append(struct bytes *bytes, const void *more, size_t count) {
    if (bytes->count + count > bytes->capacity) {
        bytes->capacity = (bytes->count + count) * 2;
        bytes->start = grown(bytes->start, bytes->capacity);
    }
    memcpy(bytes->start + bytes->count, more, count);
    bytes->count += count;
}

static void drop_first(struct bytes *bytes, size_t count) {
    bytes->count -= count;
    if (bytes->count) {
        memmove(bytes->start, bytes->start + count, bytes->count);
    } else {
        free(bytes->start);
        *bytes = (struct bytes){0};
    }
}

static void drop(int socket) {
    free(connections[socket].unsent.start);
    free(connections[socket].incomplete.start);
    connections[socket] = (struct connection){0};
    close(socket);
}

/* Sends, and keeps what the socket does not take. False when the connection is gone. */
static bool put(int socket, const uint8_t *bytes, size_t count) {
    struct bytes *unsent = &connections[socket].unsent;
    if (!unsent->count) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return false;
        if (sent > 0) bytes += sent, count -= (size_t)sent;
    }
    if (count) append(unsent, bytes, count);
    return true;
}

static bool put_unsent(int socket) {
    struct bytes *unsent = &connections[socket].unsent;
    while (unsent->count) {
        ssize_t sent = send(socket, unsent->start, unsent->count, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN;
        drop_first(unsent, (size_t)sent);
    }
    return true;
}

/* Answers the whole packets among the bytes; returns how many bytes they have, or -1 if one is wrong. */
static ssize_t answer_packets(const uint8_t *bytes, size_t count) {
    size_t offset = 0;
    while (count - offset >= header_size) {
        const uint8_t *packet = bytes + offset;
        uint32_t magic, size, checksum;
        memcpy(&magic, packet, 4);
        memcpy(&size, packet + size_offset, 4);
        memcpy(&checksum, packet + checksum_offset, 4);
        if (magic != packet_magic || size < header_size || size > max_packet_size) return -1;
        if (count - offset < size) break;
        if (checksum != header_checksum(packet)) return -1;
        uint16_t version, flags;
        uint64_t seq;
        memcpy(&version, packet + version_offset, 2);
        memcpy(&flags, packet + flags_offset, 2);
        memcpy(&seq, packet + seq_offset, 8);
        uint8_t header[header_size];
        memcpy(header, &magic, 4);
        memcpy(header + version_offset, &version, 2);
        memcpy(header + flags_offset, &flags, 2);
        memcpy(header + size_offset, &size, 4);
        memcpy(header + seq_offset, &seq, 8);
        checksum = header_checksum(header);
        memcpy(header + checksum_offset, &checksum, 4);
        append(&output, header, header_size);
        append(&output, packet + header_size, size - header_size);
        offset += size;
    }
    return (ssize_t)offset;
}

static bool take_packets(struct connection *connection, const uint8_t *bytes, size_t count) {
    struct bytes *incomplete = &connection->incomplete;
    if (incomplete->count) {
        append(incomplete, bytes, count);
        ssize_t taken = answer_packets(incomplete->start, incomplete->count);
        if (taken > 0) drop_first(incomplete, (size_t)taken);
        return taken >= 0;
    }
    ssize_t taken = answer_packets(bytes, count);
    if (taken < 0) return false;
    if ((size_t)taken < count) append(incomplete, bytes + taken, count - (size_t)taken);
    return true;
}

static void take_requests(struct connection *connection, const uint8_t *bytes, size_t count) {
    static const char end[4] = "\r\n\r\n";
    const uint8_t *stop = bytes + count;
    while (bytes < stop) {
        if (connection->matched == 0) {
            bytes = memchr(bytes, '\r', (size_t)(stop - bytes));
            if (!bytes) return;
            bytes++;
            connection->matched = 1;
            continue;
        }
        if (*bytes == (uint8_t)end[connection->matched]) {
            connection->matched++;
        } else {
            connection->matched = *bytes == '\r';
        }
        bytes++;
        if (connection->matched == sizeof end) {
            connection->matched = 0;
            append(&output, response, sizeof response - 1);
        }
    }
}

static bool take(int socket, const uint8_t *bytes, size_t count) {
    if (mode == raw_mode) return put(socket, bytes, count);
    output.count = 0;
    if (mode == http_mode) {
        take_requests(&connections[socket], bytes, count);
    } else if (!take_packets(&connections[socket], bytes, count)) {
        return false;
    }
    return !output.count || put(socket, output.start, output.count);
}

static void read_all(int socket, uint32_t events) {
    for (;;) {
        ssize_t count = recv(socket, input, read_size, 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0 || !take(socket, input, (size_t)count)) return drop(socket);
        /* A short read has emptied the socket: what comes later is a new edge. */
        if (count < read_size && !(events & (EPOLLRDHUP | EPOLLHUP))) return;
    }
}

static void accept_some(int listener) {
    for (int i = 0; i < 256; i++) {
        int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1;
        if (socket < 0) return;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if ((size_t)socket >= connection_capacity) {
            size_t capacity = 2 * ((size_t)socket + 512);
            connections = grown(connections, capacity * sizeof *connections);
            memset(connections + connection_capacity, 0,
                   (capacity - connection_capacity) * sizeof *connections);
            connection_capacity = capacity;
        }
        struct epoll_event event = {
            .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
            .data.fd = socket,
        };
        epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event);
    }
}

static int listening_socket(int port) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("bind, listen");
        exit(1);
    }
    return listener;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: echo PORT raw|packet|http\n");
        return 2;
    }
    mode = !strcmp(arguments[2], "packet") ? packet_mode
           : !strcmp(arguments[2], "http") ? http_mode
                                           : raw_mode;
    int listener = listening_socket(atoi(arguments[1]));
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event of_listener = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &of_listener);
    struct epoll_event events[max_event_count];
    for (;;) {
        int event_count = epoll_wait(poller, events, max_event_count, -1);
        for (int i = 0; i < event_count; i++) {
            int socket = events[i].data.fd;
            if (socket == listener) {
                accept_some(listener);
                continue;
            }
            if ((events[i].events & EPOLLOUT) && !put_unsent(socket)) {
                drop(socket);
                continue;
            }
            if (events[i].events & ~EPOLLOUT) read_all(socket, events[i].events);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Opens many connections to one port of this machine. */
#ifndef CONNECT_H
#define CONNECT_H

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* How many handshakes are under way at a time, below any backlog; and from how many addresses, so that tens of
 * thousands of connections find ports. */
enum { max_handshakes = 256, source_count = 4 };

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int begin_to_connect(int port, int index) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    if (descriptor < 0) die("socket");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in from = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(index % source_count)),
    };
    if (bind(descriptor, (struct sockaddr *)&from, sizeof from)) die("bind");
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (connect(descriptor, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) {
        die("connect");
    }
    return descriptor;
}

/* Returns when all are there; ends the process if one is refused, or none is accepted for 10 s. */
static void connect_all(int port, int *sockets, int count) {
    int handshakes = epoll_create1(EPOLL_CLOEXEC), begun = 0, done = 0;
    struct epoll_event events[max_handshakes];
    while (done < count) {
        for (; begun < count && begun - done < max_handshakes; begun++) {
            sockets[begun] = begin_to_connect(port, begun);
            struct epoll_event event = {.events = EPOLLOUT, .data.fd = sockets[begun]};
            epoll_ctl(handshakes, EPOLL_CTL_ADD, sockets[begun], &event);
        }
        int ready = epoll_wait(handshakes, events, max_handshakes, 10000);
        if (ready == 0) errno = ETIMEDOUT;
        if (ready <= 0) die("connect");
        for (int i = 0; i < ready; i++, done++) {
            socklen_t length = sizeof errno;
            getsockopt(events[i].data.fd, SOL_SOCKET, SO_ERROR, &errno, &length);
            if (errno) die("connect");
            epoll_ctl(handshakes, EPOLL_CTL_DEL, events[i].data.fd, NULL);
        }
    }
    close(handshakes);
}

#endif

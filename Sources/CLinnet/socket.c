/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinnet.h"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

int linnet_epoll_wait(int poller, struct epoll_event *events, int count, int64_t nanoseconds) {
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return (int)syscall(SYS_epoll_pwait2, poller, events, count, &limit, NULL, 0);
}

ssize_t linnet_receive(int descriptor, void *buffer, size_t byte_count) {
    return syscall(SYS_recvfrom, descriptor, buffer, byte_count, 0, NULL, NULL);
}

ssize_t linnet_send(int descriptor, const void *bytes, size_t byte_count) {
    return syscall(SYS_sendto, descriptor, bytes, byte_count, MSG_NOSIGNAL, NULL, 0);
}

int linnet_accept(int listener, struct sockaddr *address, socklen_t *byte_count) {
    return accept4(listener, address, byte_count, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

uint32_t linnet_peer_process(int descriptor) {
    struct ucred peer = {0};
    socklen_t byte_count = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &byte_count)) return 0;
    return (uint32_t)peer.pid;
}

ssize_t linnet_send_pieces(int descriptor, const void *pieces, size_t count) {
    struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = count};
    return syscall(SYS_sendmsg, descriptor, &message, MSG_NOSIGNAL);
}

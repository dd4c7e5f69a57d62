/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Linnet needs from C: machine instructions, system calls and hooks of tests that Swift cannot name.
 * No logic lives here.
 */
#ifndef C_LINNET_H
#define C_LINNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/*
 * CRC-32 (Specs/protocol.md 1.5) of 24 bytes: `first`, `second` and `third` as little-endian words, and
 * four zeros. It takes words, not an address: a sender has just put them together, and reading
 * back what was stored in other pieces stalls a processor for a dozen cycles.
 */
uint32_t linnet_crc32_header(uint64_t first, uint64_t second, uint32_t third);

/*
 * Continues the CRC-32 `crc` over `byte_count` bytes (any alignment) with carry-less
 * multiplication. Call it only where linnet_has_carryless_multiply() is true.
 */
uint32_t linnet_crc32_clmul(uint32_t crc, const void *bytes, size_t byte_count);

/* Whether this processor has the instructions that linnet_crc32_clmul needs. */
bool linnet_has_carryless_multiply(void);

/* The portable kernel behind linnet_crc32_header, for the tests: table look-ups on any processor. */
uint32_t linnet_crc32_header_portable(uint64_t first, uint64_t second, uint32_t third);

/* Whether this build runs under AddressSanitizer, which cannot see inside a mapping by itself. */
bool linnet_has_address_sanitizer(void);

/* Makes AddressSanitizer report any access to these bytes; nothing without the sanitizer. */
void linnet_poison(const void *bytes, size_t byte_count);

/* Undoes linnet_poison. */
void linnet_unpoison(const void *bytes, size_t byte_count);

/*
 * Sleeps while `word` holds `expected`, for at most `nanoseconds` (negative: without end). It may return
 * early. `word` is shared by the threads of this process only.
 */
void linnet_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds);

/* Wakes at most one thread that sleeps on `word`. */
void linnet_futex_wake_one(const uint32_t *word);

/* What CLOCK_MONOTONIC says, in nanoseconds. It costs no system call. */
int64_t linnet_monotonic_nanoseconds(void);

/* A new eventfd that does not block and is closed on exec, or -1 with errno set. */
int linnet_eventfd_make(void);

/* Adds 1 to an eventfd, which wakes who polls it. */
void linnet_eventfd_signal(int descriptor);

/* The token and the kinds of one of the events of an epoll, a structure that some machines pack. */
static inline uint64_t linnet_epoll_token(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t linnet_epoll_kinds(const struct epoll_event *event) { return event->events; }

/*
 * epoll_wait with a limit in nanoseconds: epoll_pwait2, which Linux has since 5.11 and not each C
 * library knows. -1 with errno ENOSYS on an older system.
 */
int linnet_epoll_wait(int poller, struct epoll_event *events, int count, int64_t nanoseconds);

/*
 * recv and send (which never raises SIGPIPE), past the C library: there they can be cancelled, which in a
 * process with threads costs two atomic operations for each call.
 */
ssize_t linnet_receive(int descriptor, void *buffer, size_t byte_count);
ssize_t linnet_send(int descriptor, const void *bytes, size_t byte_count);

/* accept4 of a connection that does not block and is closed on exec. */
int linnet_accept(int listener, struct sockaddr *address, socklen_t *byte_count);

/* The process at the other end of a Unix socket, or 0. */
uint32_t linnet_peer_process(int descriptor);

/* sendmsg of `count` pieces (address and length each, as in struct iovec) without SIGPIPE. */
ssize_t linnet_send_pieces(int descriptor, const void *pieces, size_t count);

/*
 * Starts a thread with a name (at most 15 characters of it are kept) on one processor only, or on any if
 * `processor` is negative. Returns 0 or an error number.
 */
int linnet_start_thread(
    unsigned long *thread, const char *name, int processor, void *(*body)(void *), void *context);

/*
 * What a test that runs threads in an order of its own choice is told by a thread that takes part
 * (debug builds only). All calls come on that thread and may block it.
 */
struct linnet_interleaver {
    void *context;
    /* Before each access to shared memory: an atomic operation, or a plain access that others could see. */
    void (*will_access)(void *context, const void *address, bool writes);
    /* Instead of linnet_futex_wait. */
    void (*wait)(void *context, const uint32_t *word, uint32_t expected);
    /* Instead of linnet_futex_wake_one. */
    void (*wake_one)(void *context, const uint32_t *word);
    /* Before a thread looks again for what only another thread can change. */
    void (*will_retry)(void *context);
};

/* Makes the calling thread take part, or no longer if `interleaver` is NULL. It is not copied. */
void linnet_set_interleaver(const struct linnet_interleaver *interleaver);

/* The calling thread's, or NULL. */
const struct linnet_interleaver *linnet_current_interleaver(void);

#endif

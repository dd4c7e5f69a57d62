/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How the one consumer of a bounded event queue goes to sleep, and how its producers wake it.
 *
 * Modelled, one step each, so that another thread can come between any two:
 *
 *   - a producer loads `tail`, loads `head`, claims a position by compare-exchange on `tail` if
 *     fewer than its limit are taken, writes the cell, and publishes it by its stamp (the stamps of
 *     Vyukov's bounded queue); the limit is THRESHOLD for data and CAPACITY for control;
 *   - after a batch a producer does exchange(sleeping, 0), and wakes the consumer if that was 1;
 *     a batch may end after any event, and ends before a producer that was refused waits for room;
 *   - the consumer publishes `head` once per batch; when it finds no event it does
 *     exchange(sleeping, 1), looks once more, waits while `sleeping` is 1, does
 *     exchange(sleeping, 0) and looks again; after a wait that ended early it may also wait on;
 *   - the wait and the wake are those of futex(2): the kernel compares the word and queues the
 *     thread in one step, a wake with nobody there is lost, a signal may end a wait early (once);
 *   - the stop is a control event like any other; behind it the consumer closes the queue by the
 *     top bit of `tail`, takes all that was claimed before, for which it waits, and ends.
 *
 * One producer posts three data, the other one data and the stop, in all possible batches. With
 * -DEVENTFD it is the handshake of the other direction, from workers to a reactor, which has an
 * eventfd for a futex: a wake makes it readable, epoll_wait(2) returns for it or (once) for a
 * socket.
 *
 * Checked: a run ends with all three threads at their ends, and no run goes on for ever; so nobody
 * sleeps for ever while an event is there. Each event that was not refused is consumed exactly
 * once, in the order of its producer. Control is never refused. A batch wakes at most once, and so
 * does an announcement of the consumer. Each switch under `Faults`, or where an #ifdef stands in
 * the code, breaks one of these; `Specs/models/run` runs all of them.
 *
 * Not modelled: memory orders, since spin explores sequentially consistent orders only. That
 * argument stands in EventQueue.swift: both sides exchange the same word, acquiring and releasing,
 * so either the producer's exchange sees 1, or the consumer's reads from it and so sees the event.
 * Nor counters that wrap around, more than one stop, what wakes a producer that was refused (it
 * waits until there is room or the queue is closed), and how long the memory lives.
 */

#ifndef CAPACITY
#define CAPACITY 3
#endif
#ifndef THRESHOLD
#define THRESHOLD 2             /* what is above it is control's alone */
#endif
#define MAX_BATCH_COUNT 2       /* events that the consumer takes before it publishes `head` */

/* An event is its producer, 1 or 2, and its number with that producer; 0 is none. */
#define EVENT(producer, number) (10 * (producer) + (number))
#define PRODUCER(event) ((event) / 10)
#define STOP EVENT(2, 1)
#define CLOSED 128              /* a bit of `tail` */
#define LIMIT(event) ((event) == STOP -> CAPACITY : THRESHOLD)

/* Faults; the others stand in their places. */

#ifdef NO_THRESHOLD             /* data may take what is control's */
#undef THRESHOLD
#define THRESHOLD CAPACITY
#endif

#ifdef UNSIGNED                 /* `head` may have passed the `tail` that was loaded before it */
#define TAKEN(tail, head) (((tail) - (head)) & 255)
#else
#define TAKEN(tail, head) ((tail) - (head))
#endif

#ifdef NO_COMPARE               /* a plain store claims */
#define IS_UNCHANGED true
#else
#define IS_UNCHANGED (tail == position)
#endif

#ifdef NO_RECHECK               /* the consumer sleeps as soon as it has announced it */
#define IS_THERE_AFTER_ALL false
#else
#define IS_THERE_AFTER_ALL IS_PUBLISHED(position)
#endif

#if defined(LOAD_STORE)         /* in place of an exchange */
#define EXCHANGE_0 old = sleeping; if :: old == 1 -> sleeping = 0 :: else fi
#elif defined(PLAIN_FLAG)       /* the same, and the load has passed the store of the stamp */
#define EXCHANGE_0 if :: old == 1 -> sleeping = 0 :: else fi
#else
#define EXCHANGE_0 atomic { old = sleeping; sleeping = 0 }
#endif

/* What the threads share. */

typedef Cell {
    byte stamp;                 /* position + 1 of what is published here */
    byte event
}

Cell cells[CAPACITY];
byte head, tail;
bit sleeping;
bool isQueued;                  /* the kernel holds the consumer in futex_wait */
bool isReadable;                /* the eventfd */
bool wasInterrupted;

#define IS_PUBLISHED(position) (cells[(position) % CAPACITY].stamp == (position) + 1)

/* What only the checks read. */

byte claimed[3], consumed[3];   /* events by producer */
byte unanswered;                /* announcements that were neither answered nor withdrawn */

inline wake() {
    atomic {
        assert(unanswered > 0);     /* one wake per announcement */
        unanswered--;
        wakes++;
        assert(wakes == 1);         /* one wake per batch */
#ifdef EVENTFD
        isReadable = true
#else
        isQueued = false
#endif
    }
}

inline signal() {
    EXCHANGE_0;
    if
    :: old == 1 -> wake()
    :: else
    fi
}

inline endBatch() {
    signal();
    wakes = 0;
    isOpen = false
}

inline write() {
    cells[position % CAPACITY].event = event
}

inline publish() {
    cells[position % CAPACITY].stamp = position + 1
}

proctype Producer(byte id, count) {
    byte event, position, seenHead;
    byte wakes;                 /* in this batch */
    bit old;
    bool isOpen;                /* something was published since the last signal */

    do
    :: isOpen -> endBatch()
    :: claimed[id] < count ->
        event = EVENT(id, claimed[id]);
#ifdef HEAD_FIRST               /* the tail may be far from a head that was loaded before it */
        seenHead = head;
        position = tail;
#else
        position = tail;
        seenHead = head;
#endif
        if
        :: position >= CLOSED -> count = claimed[id]    /* no more */
        :: position < CLOSED && TAKEN(position, seenHead) < LIMIT(event) ->
            if
            :: atomic { IS_UNCHANGED -> tail = position + 1; claimed[id]++ };
#ifdef PUBLISH_BEFORE_WRITE
                publish();
                write();
#else
                write();
#ifdef PLAIN_FLAG
                old = sleeping;
#endif
#ifdef WAKE_BEFORE_PUBLISH
                endBatch();
#endif
                publish();
#endif
#ifdef WAKE_PER_EVENT
                signal();
#endif
#ifndef WAKE_BEFORE_PUBLISH
                isOpen = true
#endif
            :: !IS_UNCHANGED    /* another was faster: try again */
            fi
        :: else ->
            assert(event != STOP);      /* control is never refused */
#ifndef OPEN_WHILE_REFUSED
            if
            :: isOpen -> endBatch()
            :: else
            fi;
#endif
            TAKEN(tail, head) < THRESHOLD || tail >= CLOSED
        fi
    :: else -> break
    od
}

inline announce() {
    atomic { sleeping = 1; unanswered++ }
}

inline withdraw() {
    atomic { unanswered = unanswered - sleeping; sleeping = 0 }
}

inline waitForWake() {
#ifdef EVENTFD
    if
    :: isReadable ->
#ifndef UNREAD_EVENTFD          /* it stays readable: the reactor never sleeps again */
        isReadable = false
#endif
    :: !wasInterrupted -> wasInterrupted = true
    fi
#else
    do
    :: true ->
        isQueued = (sleeping == 1);
        if
        :: !isQueued
        :: atomic { isQueued && !wasInterrupted -> isQueued = false; wasInterrupted = true }
        fi;
        if
        :: break
        :: sleeping == 1        /* wait on */
        fi
    od
#endif
}

inline take() {
#ifdef HEAD_BEFORE_READ
    head = position + 1;
#endif
    event = cells[position % CAPACITY].event;
    atomic {
        assert(event != 0);
        assert(event == EVENT(PRODUCER(event), consumed[PRODUCER(event)]));
        consumed[PRODUCER(event)]++
    };
    position++
}

proctype Consumer() {
    byte event, position, batchCount, end;

    do
    :: batchCount < MAX_BATCH_COUNT && IS_PUBLISHED(position) ->
        take();
        batchCount++;
        if
        :: event == STOP -> break
        :: else
        fi
    :: else ->
        if
        :: batchCount > 0 ->
            head = position;
            batchCount = 0
        :: else ->
            announce();
            if
            :: IS_THERE_AFTER_ALL
            :: else -> waitForWake()
            fi;
            withdraw()
        fi
    od;

    atomic { end = tail; tail = tail | CLOSED };
    do
    :: position == end -> break
#ifdef CLOSE_UNAWAITED          /* what is claimed but not yet published is left */
    :: position != end && !IS_PUBLISHED(position) -> break
#endif
    :: position != end && IS_PUBLISHED(position) -> take()
    od;
    head = position;
    assert(consumed[1] == claimed[1] && consumed[2] == claimed[2])
}

init {
    atomic {
        run Producer(1, 3);
        run Producer(2, 2);
        run Consumer()
    }
}

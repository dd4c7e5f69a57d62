// SPDX-License-Identifier: Apache-2.0

/// The only files that may hold unsafe code, and why each must.
let unsafeFiles = [
    // LinnetBytes: memory that the compiler knows nothing of.
    "Sources/LinnetBytes/AtomicWord.swift": "addresses for the kernel and for the tests",
    "Sources/LinnetBytes/ClassControl.swift": "addresses of blocks, headers and depots",
    "Sources/LinnetBytes/Errno.swift": "the C string of strerror",
    "Sources/LinnetBytes/IndexDepot.swift": "links in the places of an array",
    "Sources/LinnetBytes/Magazine.swift": "a stack of free blocks in the pool's region",
    "Sources/LinnetBytes/MappedRegion.swift": "mmap, mprotect and munmap",
    "Sources/LinnetBytes/PacketLease.swift": "a span of a block that the lease holds",
    "Sources/LinnetBytes/PoolLayout.swift": "the stride of a structure that holds pointers",
    "Sources/LinnetBytes/PoolMemory.swift": "the structures at the front of the pool's region",
    "Sources/LinnetBytes/UnalignedAccess.swift": "the only unaligned loads and stores",
    "Sources/LinnetBytes/UsageCounters.swift": "counters in the pool's region",

    // LinnetCodec: checked once, then trusted, and bytes in blocks.
    "Sources/LinnetCodec/Checksum.swift": "pointers for the kernels in C",
    "Sources/LinnetCodec/PacketFraming.swift": "fields of a header whose length was checked once",
    "Sources/LinnetCodec/PacketHeader.swift": "fields of a header whose length was checked once",
    "Sources/LinnetCodec/PacketSending.swift": "writes a header that fits",
    "Sources/LinnetCodec/PacketWriter.swift": "copies a payload, writes a header that fits",
    "Sources/LinnetCodec/StreamParser.swift": "spans of blocks that the parser holds",
    "Sources/LinnetCodec/StreamTail.swift": "moves bytes within and between blocks",

    // LinnetConnections: slots in mapped memory.
    "Sources/LinnetConnections/ConnectionTable.swift": "the region of the table",
    "Sources/LinnetConnections/PeerAddress.swift": "the text of inet_ntop",
    "Sources/LinnetConnections/SlotWriter.swift": "a slot that its owner writes",
    "Sources/LinnetConnections/TableMemory.swift": "where each slot stands in the region",

    // LinnetEvents: cells in mapped memory, threads of the system.
    "Sources/LinnetEvents/CommandStages.swift": "commands that wait, in a region of their own",
    "Sources/LinnetEvents/Event.swift": "metadata of any framing as bytes",
    "Sources/LinnetEvents/EventConsumer.swift": "takes items out of cells",
    "Sources/LinnetEvents/EventQueue.swift": "the region of the queue",
    "Sources/LinnetEvents/HandlerRunner.swift": "a span of a block that an event holds",
    "Sources/LinnetEvents/NamedThread.swift": "starts threads of the system",
    "Sources/LinnetEvents/SendPage.swift": "copies payloads into a block that it holds",
    "Sources/LinnetEvents/QueueMemory.swift": "puts items into cells",
    "Sources/LinnetEvents/Worker.swift": "hands a value with one owner to its thread",

    // LinnetPollers: buffers and addresses for the kernel.
    "Sources/LinnetPollers/EpollPoller.swift": "events, buffers and pieces for the kernel",
    "Sources/LinnetPollers/Poller.swift": "pieces and buffers of the loop",
    "Sources/LinnetPollers/SimulatedNetwork.swift": "a lock of the system",
    "Sources/LinnetPollers/SimulatedPeer.swift": "bytes of an array as a piece",
    "Sources/LinnetPollers/SimulatedPoller.swift": "buffers of the loop, and poll",
    "Sources/LinnetPollers/SimulatedQueue.swift": "is under the lock of its network",
    "Sources/LinnetPollers/SimulatedStream.swift": "buffers of the loop",
    "Sources/LinnetPollers/SocketAddress.swift": "addresses for the kernel",

    // LinnetTransports: slots and pieces in mapped memory, blocks that are read and written,
    // addresses and options for the kernel.
    "Sources/LinnetTransports/ConnectionParsers.swift": "parsers in mapped memory",
    "Sources/LinnetTransports/InlineSession.swift": "a session that stays in its place",
    "Sources/LinnetTransports/OutboundPieces.swift": "pieces in mapped memory",
    "Sources/LinnetTransports/ReactorCounters.swift": "counters in mapped memory",
    "Sources/LinnetTransports/ReactorDriver.swift": "buffers that are lent for a call",
    "Sources/LinnetTransports/ReactorHost.swift": "hands a reactor to its thread",
    "Sources/LinnetTransports/ReactorReading.swift": "blocks that bytes are read into",
    "Sources/LinnetTransports/ReactorSlot.swift": "numbers of slots in mapped memory",
    "Sources/LinnetTransports/ReactorSlots.swift": "slots in mapped memory",
    "Sources/LinnetTransports/ReactorWriting.swift": "blocks that frames are written to",
    "Sources/LinnetTransports/WorkerSession.swift": "ports, and a session in its place",
    "Sources/LinnetTransports/ConnectingSocket.swift": "the address to connect to",
    "Sources/LinnetTransports/ListeningSocket.swift": "addresses, and the status of a file",
    "Sources/LinnetTransports/EndpointAddresses.swift": "the list of getaddrinfo",
    "Sources/LinnetTransports/SocketOptions.swift": "numbers for setsockopt and setrlimit",

    // Linnet: what threads are started with, a lock and signals of the system.
    "Sources/Linnet/Engine.swift": "a session that stays in its place",
    "Sources/Linnet/EngineParts.swift": "hands values with one owner to their thread",
    "Sources/Linnet/Locked.swift": "a lock of the system",
    "Sources/Linnet/Mailbox.swift": "continuations that are resumed once",
    "Sources/Linnet/StopSignals.swift": "sets of signals",

    // linnetctl: one blocking socket.
    "Sources/linnetctl/StreamSocket.swift": "system calls of a client that waits",

    // Tests look at memory from outside.
    "Tests/LinnetBytesTests/IndexDepotTests.swift": "the links of a depot's places",
    "Tests/LinnetBytesTests/MappedRegionTests.swift": "touches the region, its guard page too",
    "Tests/LinnetBytesTests/PacketPoolStressTests.swift": "a mailbox under a lock",
    "Tests/LinnetBytesTests/PacketPoolSanitizerTests.swift": "touches what it must not",
    "Tests/LinnetBytesTests/PacketPoolTests.swift": "writes and reads blocks",
    "Tests/LinnetBytesTests/UnalignedAccessTests.swift": "calls the unchecked loads and stores",
    "Tests/LinnetCodecTests/ChecksumTests.swift": "calls zlib and the portable kernel",
    "Tests/LinnetCodecTests/CostTests.swift": "reads into blocks as a reactor does",
    "Tests/LinnetCodecTests/FrameViewTests.swift": "reads into blocks as a reactor does",
    "Tests/LinnetCodecTests/StreamTailTests.swift": "reads into blocks as a reactor does",
    "Tests/LinnetCodecTests/PacketDriver.swift": "reads into blocks as a reactor does",
    "Tests/LinnetCodecTests/StreamParserTests.swift": "reads into blocks as a reactor does",
    "Tests/LinnetEventsTests/EventConsumerTests.swift": "eventfd and poll",
    "Tests/LinnetEventsTests/EventQueueStressTests.swift": "memory that only the queue orders",
    "Tests/LinnetEventsTests/LoopbackReactor.swift": "a span of a block that a command holds",
    "Tests/LinnetEventsTests/LoopbackWorld.swift": "findings under a lock",
    "Tests/LinnetEventsTests/NamedThreadTests.swift": "lines under a lock",
    "Tests/LinnetEventsTests/NumberFraming.swift": "reads into blocks as a reactor does",
    "Tests/LinnetEventsTests/OutboxDesk.swift": "a byte of a block that a command holds",
    "Tests/LinnetPollersTests/CostTests.swift": "buffers of a loop",
    "Tests/LinnetPollersTests/EpollPollerTests.swift": "socketpair and limits",
    "Tests/LinnetPollersTests/FarEnd.swift": "system calls of a peer",
    "Tests/LinnetPollersTests/PollerBox.swift": "buffers for pollers",
    "Tests/LinnetPollersTests/PollerWorld.swift": "addresses of sockets",
    "Tests/LinnetPollersTests/SocketAddressTests.swift": "the bytes of inet_pton",
    "Tests/LinnetTests/RawPeer.swift": "system calls of a client",
    "Tests/LinnetTests/ServerLeakTests.swift": "addresses of sockets",
    "Tests/LinnetTests/ServerStopTests.swift": "an atomic count",
    "Tests/LinnetTests/ServerWorld.swift": "findings under a lock",
    "Tests/LinnetTransportsTests/ReactorWorld.swift": "a session that stays in its place",
    "Tests/LinnetTransportsTests/Sockets.swift": "system calls of a client",
    "Tests/LinnetTests/MailboxTests.swift": "leases that tasks hand over",
    "Tests/LinnetTests/QuietPeer.swift": "system calls of a peer",
    "Tests/LinnetTests/Worlds.swift": "a record under a lock",
    "Tests/LinnetTestSupport/LockstepRun.swift": "the word of a thread that is about to sleep",
    "Tests/LinnetTestSupport/LockstepThreads.swift": "hooks of C, and semaphores",
    "Tests/LinnetTestSupport/RawSpans.swift": "raw spans of arrays",

    // Benchmarks, in a package of their own.
    "Tests/Benchmarks/Sources/linnet-benchmarks/LeaseRing.swift": "places that two threads share",
    "Tests/Benchmarks/Sources/linnet-benchmarks/PacketComparisons.swift": "buffers for C",
    "Tests/Benchmarks/Sources/linnet-benchmarks/QueueComparisons.swift": "a queue in C",
    "Tests/Benchmarks/Sources/linnet-benchmarks/TableComparisons.swift": "a lock",

    // The fuzzer calls from C.
    "Fuzz/Sources/FuzzHeader/main.swift": "takes the fuzzer's pointer",
    "Fuzz/Sources/FuzzKit/FuzzInput.swift": "takes the fuzzer's pointer",
    "Fuzz/Sources/FuzzKit/Oracle.swift": "the C string of getenv",
    "Fuzz/Sources/FuzzKit/PlacedBytes.swift": "puts bytes before a guard page, at any alignment",
    "Fuzz/Sources/FuzzStream/main.swift": "takes the fuzzer's pointer",
    "Fuzz/Sources/FuzzWriter/main.swift": "takes the fuzzer's pointer",
]

// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import LinnetConnections
import LinnetPollers
import Testing

/// What is peculiar to epoll and the sockets of the system.
struct EpollPollerTests {
    @Test func `who has connected is told`() throws {
        var poller = try EpollPoller()
        for (address, isUnix) in [(try SocketAddress.anyPort(), false), (try .anyName(), true)] {
            let (listener, bound) = try address.bound(flags: CInt(SOCK_NONBLOCK.rawValue))
            try #require(listen(listener, 1) == 0)
            let client = try bound.connected()
            var own = SocketAddress()
            // SAFETY: the kernel writes an address that is no longer than its room.
            try #require(unsafe own.fill { unsafe getsockname(client, $0, $1) } == 0)
            let expected = isUnix ? PeerAddress.unix(processID: UInt32(getpid())) : own.peer
            guard
                case .connection(let accepted, let peer) = poller.accept(
                    from: Descriptor(rawValue: listener)
                )
            else {
                Issue.record("nothing was accepted")
                return
            }
            #expect(peer == expected)
            #expect(fcntl(accepted.rawValue, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(accepted.rawValue, F_GETFD) & FD_CLOEXEC != 0)
            for number in [listener, client, accepted.rawValue] {
                poller.close(Descriptor(rawValue: number))
            }
        }
    }

    @Test func `a process without descriptors accepts later`() async {
        await #expect(processExitsWith: .success) {
            let world = try PollerWorld.Kind.tcp.make()
            let far = try world.connect()
            try withDescriptorLimit(0) {
                let exhausted = Acceptance.exhausted(Errno(rawValue: EMFILE))
                #expect(world.poller.accept(from: world.listener) == exhausted)
                #expect(world.poller.accept(from: world.listener) == exhausted)
            }
            guard case .connection(let near, _) = world.poller.accept(from: world.listener)
            else { throw Errno(rawValue: EMFILE) }
            #expect(world.poller.send([[1]], to: near) == .bytes(1))
            #expect(far.receive(atLeast: 1) == [1])
        }
    }

    @Test func `what is no listener has failed`() throws {
        var poller = try EpollPoller()
        let (socket, _) = try SocketAddress.anyPort().bound(flags: 0)
        let descriptor = Descriptor(rawValue: socket)
        #expect(poller.accept(from: descriptor) == .failed(.invalidArgument))
        poller.close(descriptor)
    }

    @Test func `a descriptor that is not open cannot be watched`() throws {
        var poller = try EpollPoller()
        #expect(throws: Errno(rawValue: EBADF)) {
            try poller.watch(Descriptor(rawValue: -1), as: .stream, token: 1)
        }
    }

    @Test func `to close twice is a mistake that ends the process`() async {
        await #expect(processExitsWith: trap) {
            var poller = try EpollPoller()
            let (socket, _) = try SocketAddress.anyPort().bound(flags: 0)
            poller.close(Descriptor(rawValue: socket))
            poller.close(Descriptor(rawValue: socket))
        }
    }

    @Test func `more than a batch is reported by and by`() throws {
        var poller = try EpollPoller()
        let streams = try (0..<150).map { index in
            let pair = try makeSocketPair()
            try poller.watch(pair.0, as: .stream, token: UInt64(2 * index))
            try poller.watch(pair.1, as: .stream, token: UInt64(2 * index + 1))
            return pair
        }
        var tokens: Set<UInt64> = []
        var counts: [Int] = []
        while tokens.count < 300 {
            let count = poller.wait(atMost: .seconds(60))
            counts.append(count)
            for index in 0..<count {
                let completion = poller.completion(index)
                #expect(completion.kinds == .output)
                #expect(tokens.insert(completion.token).inserted)
            }
        }
        #expect(counts == [256, 44])
        for (first, second) in streams {
            poller.close(first)
            poller.close(second)
        }
    }
}

func makeSocketPair() throws -> (Descriptor, Descriptor) {
    var pair: [CInt] = [-1, -1]
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
    // SAFETY: the kernel writes two numbers.
    try #require(unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0)
    return (Descriptor(rawValue: pair[0]), Descriptor(rawValue: pair[1]))
}

/// Lets this process open only so many more descriptors while `body` runs.
private func withDescriptorLimit(_ count: rlim_t, _ body: () throws -> Void) throws {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    // SAFETY: the kernel reads and writes the structure.
    try #require(unsafe getrlimit(resource, &limit) == 0)
    var lowered = limit
    lowered.rlim_cur = count
    try #require(unsafe setrlimit(resource, &lowered) == 0)
    defer { unsafe setrlimit(resource, &limit) }
    try body()
}

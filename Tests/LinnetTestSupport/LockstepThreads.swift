// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import CLinnet
    import Glibc
    import Synchronization

    /// A case of the interleaver, whatever the type of its state.
    struct LockstepCase: Sendable {
        let prepare: @Sendable () -> Void
        let threads: [@Sendable () -> Void]
        let check: @Sendable () -> String?
        let cleanUp: @Sendable () -> Void
    }

    /// The threads of a case, of which one runs at a time, and for all runs the same.
    ///
    /// There is no thread that schedules: who comes to an operation, or to its end, chooses who
    /// goes on, and hands over if that is another.
    final class LockstepThreads: @unchecked Sendable {
        // Sendable: who has the turn alone touches the variables, and gates pass the turn on.
        private let steps: LockstepCase
        private let options: Interleaver
        private let gates: [Gate]
        private let end = Gate()

        private var search: InterleavingSearch
        private var report = Interleaver.Report()
        private var isOver = false
        private var current = LockstepRun(threadCount: 0)

        init(_ steps: LockstepCase, options: Interleaver) {
            self.steps = steps
            self.options = options
            gates = steps.threads.map { _ in Gate() }
            search = InterleavingSearch(
                maxPreemptionCount: options.maxPreemptionCount,
                skipsEquivalentOrders: options.skipsEquivalentOrders
            )
        }

        func run() -> Interleaver.Report {
            // A turn passes much faster to a thread on the same processor.
            let processor = Self.nextProcessor()
            for index in gates.indices { Member(threads: self, index: index).start(on: processor) }
            beginRun()
            gates[0].open()
            end.pass()
            return report
        }

        /// Cases that are explored at a time share the processors.
        private static func nextProcessor() -> Int32 {
            let number = caseCount.wrappingAdd(1, ordering: .relaxed).oldValue
            return Int32(number % UInt(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)))
        }

        private static let caseCount = Atomic<UInt>(0)

        /// What a thread does from first to last.
        fileprivate func attend(as member: Member) {
            gates[member.index].pass()
            while !isOver {
                member.announce(steps.threads[member.index])
                finish(member.index)
            }
        }

        private func beginRun() {
            steps.prepare()
            current.begin(threadCount: gates.count)
        }

        /// The thread has come to an operation; returns when it may perform that.
        fileprivate func stop(_ index: Int, before operation: SharedOperation) {
            current.stop(index, before: operation)
            passTurn(from: index)
        }

        fileprivate func retry(_ index: Int) {
            current.retry(index)
        }

        private func finish(_ index: Int) {
            current.finish(index)
            if current.hasEnded, !turnToNextRun() {
                isOver = true
                for other in gates.indices where other != index { gates[other].open() }
                end.open()
                return
            }
            passTurn(from: index)
        }

        /// Returns when the thread has the turn again: never, after a run that cannot end.
        private func passTurn(from index: Int) {
            switch current.next(&search, maxStepCount: options.maxStepCount) {
            case index: return
            case let next?: gates[next].open()
            case nil:
                report.interleavingCount += 1
                report.failure = current.failure
                end.open()
            }
            gates[index].pass()
        }

        /// Judges the run that has ended and prepares the next, if there is one.
        private func turnToNextRun() -> Bool {
            if current.isCut {
                report.cutCount += 1
            } else {
                report.interleavingCount += 1
                if current.failure == nil, let message = steps.check() { current.fail(message) }
            }
            steps.cleanUp()
            report.failure = current.failure
            guard report.failure == nil else { return false }
            guard search.advance() else {
                report.isExhaustive = true
                return false
            }
            let count = report.interleavingCount + report.cutCount
            guard count < options.maxInterleavingCount else { return false }
            beginRun()
            return true
        }

        static func failCurrentRun(_ message: String) {
            // SAFETY: a thread's hooks are its own.
            guard let hooks = unsafe linnet_current_interleaver(),
                let member = unsafe Member.from(hooks.pointee.context)
            else {
                preconditionFailure("only a thread of a case can fail its run")
            }
            member.threads.current.fail(message)
        }
    }

    /// One thread. It owns the object that its hooks lead to.
    private final class Member {
        let threads: LockstepThreads
        let index: Int

        init(threads: LockstepThreads, index: Int) {
            self.threads = threads
            self.index = index
        }

        /// Starts the thread, on the processor if the system lets it.
        func start(on processor: Int32) {
            // SAFETY: the thread takes over the reference; if there is no thread, this one ends.
            let context = unsafe Unmanaged.passRetained(self).toOpaque()
            var thread: UInt = 0
            let isStarted = [processor, -1].contains { processor in
                let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
                    guard let context = unsafe $0 else { return nil }
                    let member = unsafe Unmanaged<Member>.fromOpaque(context).takeRetainedValue()
                    member.threads.attend(as: member)
                    return nil
                }
                return unsafe linnet_start_thread(
                    &thread,
                    "interleaved \(index)",
                    processor,
                    main,
                    context
                ) == 0
            }
            precondition(isStarted, "the system has no thread left for a case")
            pthread_detach(thread)
        }

        /// Runs `body`, whose operations are announced.
        func announce(_ body: () -> Void) {
            // SAFETY: the thread owns this object, and the hooks until the end of the closure.
            let context = unsafe Unmanaged.passUnretained(self).toOpaque()
            let hooks = unsafe linnet_interleaver(
                context: context,
                will_access: { unsafe Member.from($0)?.stop(before: $2 ? .write : .load, $1) },
                wait: { unsafe Member.from($0)?.stop(before: .wait, $1, expected: $2) },
                wake_one: { unsafe Member.from($0)?.stop(before: .wake, $1) },
                will_retry: { unsafe Member.from($0)?.retry() }
            )
            unsafe withUnsafePointer(to: hooks) { hooks in
                unsafe linnet_set_interleaver(hooks)
                body()
                linnet_set_interleaver(nil)
            }
        }

        static func from(_ context: UnsafeMutableRawPointer?) -> Member? {
            // SAFETY: `announce` made the context of a member, which the thread owns.
            unsafe context.map { unsafe Unmanaged.fromOpaque($0).takeUnretainedValue() }
        }

        private func stop(
            before kind: SharedOperation.Kind,
            _ address: UnsafeRawPointer?,
            expected: UInt32 = 0
        ) {
            let name = UInt(bitPattern: address)
            threads.stop(
                index,
                before: SharedOperation(kind: kind, address: name, expected: expected)
            )
        }

        private func retry() { threads.retry(index) }
    }

    /// Lets one thread pass each time that it is opened.
    @safe
    private final class Gate: @unchecked Sendable {
        // Sendable: a semaphore is made for threads to share.
        private let semaphore: UnsafeMutablePointer<sem_t>

        // SAFETY of all below: the semaphore is initialized here and lives as long as the gate.
        init() {
            unsafe semaphore = .allocate(capacity: 1)
            unsafe sem_init(semaphore, 0, 0)
        }

        deinit {
            unsafe sem_destroy(semaphore)
            unsafe semaphore.deallocate()
        }

        func open() { unsafe sem_post(semaphore) }

        func pass() { while unsafe sem_wait(semaphore) != 0 {} }
    }
#endif

// SPDX-License-Identifier: Apache-2.0

import LinnetConnections
import LinnetTestSupport
import Testing

struct CreditAccountTests {
    private let limits = CreditLimits(maxFrameCount: 4, maxByteCount: 100)
    private var account = CreditAccount()

    @Test mutating func `frames pause at their limit and resume at half of it`() {
        spend([1, 1, 1])
        #expect(!account.isPaused)
        spend([1])
        #expect(account.isPaused)
        #expect(giveBack(1, byteCount: 1) == false)
        #expect(account.isPaused)
        #expect(giveBack(1, byteCount: 1) == true)
        #expect(!account.isPaused)
        #expect(giveBack(2, byteCount: 2) == false)
        #expect(account.frameCount == 0 && account.byteCount == 0)
    }

    @Test mutating func `bytes pause at their limit and resume at half of it`() {
        spend([49, 50])
        #expect(!account.isPaused)
        spend([1])
        #expect(account.isPaused)
        #expect(giveBack(1, byteCount: 49) == false)
        #expect(giveBack(1, byteCount: 1) == true)
        #expect(account.frameCount == 1 && account.byteCount == 50)
    }

    @Test mutating func `delivery resumes when both are at half`() {
        spend([97, 1, 1, 1])
        #expect(account.isPaused)
        #expect(giveBack(1, byteCount: 97) == false)
        #expect(giveBack(1, byteCount: 1) == true)
        spend([98, 1])
        #expect(giveBack(3, byteCount: 3) == false)
        #expect(giveBack(1, byteCount: 98) == true)
    }

    @Test mutating func `the last frame may exceed the bytes`() {
        spend([99, 1_000_000])
        #expect(account.isPaused)
        #expect(account.byteCount == 1_000_099)
    }

    @Test mutating func `what one read holds beyond the limits is counted too`() {
        spend([1, 1, 1, 1, 1, 1])
        #expect(account.frameCount == 6)
        #expect(giveBack(3, byteCount: 3) == false)
        #expect(giveBack(1, byteCount: 1) == true)
    }

    @Test mutating func `with the smallest limits frames go one by one`() {
        let limits = CreditLimits(maxFrameCount: 1, maxByteCount: 1)
        for byteCount in [0, 1, 24] {
            account.spend(byteCount: byteCount, within: limits)
            #expect(account.isPaused)
            let resumes = account.giveBack(frameCount: 1, byteCount: byteCount, within: limits)
            #expect(resumes && !account.isPaused)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    mutating func `whoever looks before each frame stays within the limits`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var delivered: [Int] = []
        for _ in 0..<1_000 {
            if !account.isPaused, Bool.random(using: &random) {
                delivered.append(Int.random(in: 0...60, using: &random))
                account.spend(byteCount: delivered[delivered.count - 1], within: limits)
            } else if let byteCount = delivered.popLast() {
                let wasPaused = account.isPaused
                let resumes = giveBack(1, byteCount: byteCount)
                #expect(resumes == (wasPaused && !account.isPaused))
            }
            #expect(account.frameCount == delivered.count && delivered.count <= 4)
            #expect(account.byteCount == delivered.reduce(0, +) && account.byteCount < 100 + 60)
            #expect(!delivered.isEmpty || !account.isPaused)
        }
    }

    @Test func `an account is eight bytes`() {
        #expect(MemoryLayout<CreditAccount>.size == 8)
    }

    @Test mutating func `at the largest limits the longest read still fits`() {
        let limits = CreditLimits(maxFrameCount: 1 << 30, maxByteCount: 1 << 30)
        account.spend(byteCount: 1 << 30 - 1, within: limits)
        #expect(!account.isPaused)
        account.spend(byteCount: 1 << 31, within: limits)
        #expect(account.isPaused && account.frameCount == 2)
        #expect(account.byteCount == 1 << 30 - 1 + 1 << 31)
        let resumes = account.giveBack(frameCount: 2, byteCount: 3 << 30 - 1, within: limits)
        #expect(resumes && account.frameCount == 0 && account.byteCount == 0)
    }

    @Test func `giving back more than was spent is caught`() async {
        await #expect(processExitsWith: trap) {
            var account = CreditAccount()
            account.spend(byteCount: 1, within: CreditLimits())
            _ = account.giveBack(frameCount: 1, byteCount: 2, within: CreditLimits())
        }
        await #expect(processExitsWith: trap) {
            var account = CreditAccount()
            account.spend(byteCount: 1, within: CreditLimits())
            _ = account.giveBack(frameCount: 2, byteCount: 1, within: CreditLimits())
        }
        await #expect(processExitsWith: trap) {
            var account = CreditAccount()
            account.spend(byteCount: -1, within: CreditLimits())
        }
        await #expect(processExitsWith: trap) {
            _ = CreditLimits(maxFrameCount: 0)
        }
        await #expect(processExitsWith: trap) {
            _ = CreditLimits(maxFrameCount: 1 << 30 + 1)
        }
        await #expect(processExitsWith: trap) {
            _ = CreditLimits(maxByteCount: 1 << 30 + 1)
        }
    }

    private mutating func spend(_ byteCounts: [Int]) {
        for byteCount in byteCounts {
            account.spend(byteCount: byteCount, within: limits)
        }
    }

    private mutating func giveBack(_ frameCount: Int, byteCount: Int) -> Bool {
        account.giveBack(frameCount: frameCount, byteCount: byteCount, within: limits)
    }
}

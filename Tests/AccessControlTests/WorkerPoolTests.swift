// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import AccessControl

@Suite struct WorkerPoolTests {
    /// Counts how many jobs run at the same time.
    private final class Meter: Sendable {
        let state = Mutex((now: 0, most: 0, done: 0))
        let allDone = DispatchSemaphore(value: 0)

        func run(of total: Int) {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            for _ in 0..<50 { sched_yield() }
            let isLast = state.withLock { state in
                state.now -= 1
                state.done += 1
                return state.done == total
            }
            if isLast { allDone.signal() }
        }
    }

    @Test(arguments: [1, 3])
    func neverMoreThreadsThanAllowed(threads: Int) {
        let pool = WorkerPool(threadsMax: threads)
        let meter = Meter()
        for _ in 0..<300 { #expect(pool.submit { meter.run(of: 300) }) }
        meter.allDone.wait()
        let most = meter.state.withLock { $0.most }
        #expect(most >= 1 && most <= threads)
    }

    @Test func oneThreadKeepsTheOrder() {
        let pool = WorkerPool(threadsMax: 1)
        let order = Order()
        for number in 0..<500 { #expect(pool.submit { order.append(number) }) }
        #expect(pool.submit { order.done.signal() })
        order.done.wait()
        #expect(order.numbers.withLock { $0 } == Array(0..<500))
    }

    private final class Order: Sendable {
        let numbers = Mutex<[Int]>([])
        let done = DispatchSemaphore(value: 0)

        func append(_ number: Int) { numbers.withLock { $0.append(number) } }
    }

    /// The thread of the first job may have ended before the second comes.
    @Test func aPoolWorksAgainAfterAPause() {
        let pool = WorkerPool(threadsMax: 2)
        for _ in 0..<200 {
            let done = DispatchSemaphore(value: 0)
            #expect(pool.submit { done.signal() })
            done.wait()
        }
    }

    /// Nothing has to be stopped: threads hold their pool only while they work.
    @Test func anIdlePoolIsFreed() {
        weak var released: WorkerPool?
        let done = DispatchSemaphore(value: 0)
        do {
            let pool = WorkerPool(threadsMax: 1)
            released = pool
            #expect(pool.submit { done.signal() })
        }
        done.wait()
        while released != nil { sched_yield() }
        #expect(released == nil)
    }

    @Test func aNicePoolsThreadsAreNiceAndNobodyElse() {
        let pool = WorkerPool(threadsMax: 1, niceness: 7)
        let before = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
        let found = Order()
        #expect(
            pool.submit {
                found.append(Int(getpriority(Int32(PRIO_PROCESS.rawValue), 0)))
                found.done.signal()
            })
        found.done.wait()
        #expect(found.numbers.withLock { $0 } == [7])
        #expect(getpriority(Int32(PRIO_PROCESS.rawValue), 0) == before)
    }
}

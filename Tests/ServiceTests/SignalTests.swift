import Testing

@testable import Service

/// The dispatcher's alarm clock.
@Suite(.timeLimit(.minutes(10)))
struct SignalTests {
    @Test("A signal that came before is not lost, and counts once")
    func remembered() async {
        let signal = Signal()
        signal.fire()
        signal.fire()
        await signal.wait(atMost: .seconds(3600))
        let start = ContinuousClock.now
        await signal.wait(atMost: .milliseconds(50))
        #expect(ContinuousClock.now - start >= .milliseconds(45))
    }

    @Test("A signal wakes who waits, also after waits that ended without one")
    func wakes() async {
        let signal = Signal()
        for _ in 0..<3 {
            let start = ContinuousClock.now
            await signal.wait(atMost: .milliseconds(20))
            #expect(ContinuousClock.now - start >= .milliseconds(15), "a wait without a signal lasts its time")
        }
        for _ in 0..<100 {
            async let waiting: Void = signal.wait(atMost: .seconds(3600))
            signal.fire()
            await waiting
        }
    }

    @Test("Who waits is let go when cancelled")
    func cancelled() async {
        let signal = Signal()
        let task = Task { await signal.wait(atMost: .seconds(3600)) }
        task.cancel()
        await task.value
    }
}

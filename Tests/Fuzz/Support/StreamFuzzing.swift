import Canonical
import Dialects
import Identity
import Wire

/// What must hold for every stream of a provider: its steps are in order, and it ends once for every caller.
enum StreamFuzzing {
    static func check(_ target: Dialect, _ bytes: [UInt8]) {
        let events = EventFuzzing.events(in: bytes, pieces: max(bytes.count, 1)).events
        StreamFuzzing.checkDecoder(target, events)
        for caller in FuzzCodec.others(than: target) { StreamFuzzing.checkTranslation(target, caller, events) }
    }

    private static func checkDecoder(_ target: Dialect, _ events: [ServerSentEvent]) {
        var decoder = FuzzCodec.streamDecoder(target)
        var order = EventOrder()
        var steps: [ModelEvent] = []
        for event in events { decoder.decode(event, into: &steps) }
        decoder.end(into: &steps)
        let count = steps.count
        // Whatever else comes, it must not be told.
        decoder.end(into: &steps)
        for event in events { decoder.decode(event, into: &steps) }
        FuzzInput.require(steps.count == count, "a step after the end")
        for step in steps { order.add(step) }
        FuzzInput.require(order.hasEnded, "a closed stream without an end")
    }

    private static func checkTranslation(_ target: Dialect, _ caller: Dialect, _ events: [ServerSentEvent]) {
        var translation = StreamTranslation(
            from: target,
            to: caller,
            request: FuzzCodec.encodedRequest,
            context: FuzzCodec.context,
            seal: { _, payload in payload }
        )
        var told: [UInt8] = []
        for event in events { told += translation.translate(event).bytes }
        told += translation.close().bytes
        FuzzInput.require(translation.end != nil, "a translated stream without an end")
        let error = CallerError(status: 502, code: "upstream-failed", message: "The provider failed.")
        told += translation.failure(error)
        StreamFuzzing.checkOwn(caller, told, isWhole: translation.end.map { StreamFuzzing.isWhole($0) } == true)
    }

    /// What a caller is told is a stream of its dialect: our own decoder must read it to the same end.
    private static func checkOwn(_ caller: Dialect, _ told: [UInt8], isWhole: Bool) {
        let (events, isBetweenEvents) = EventFuzzing.events(in: told, pieces: max(told.count, 1))
        FuzzInput.require(isBetweenEvents, "a caller's stream that ends inside an event")
        var decoder = FuzzCodec.streamDecoder(caller)
        var steps: [ModelEvent] = []
        for event in events {
            if let data = event.data, data != Array("[DONE]".utf8) {
                let value = try? JSONReader.read(data, maximumDepth: 256)
                FuzzInput.require(value != nil, "a caller's event that is no JSON")
            }
            decoder.decode(event, into: &steps)
        }
        decoder.end(into: &steps)
        FuzzInput.require(
            (ModelResponse(folding: steps) != nil) == isWhole,
            "a caller's stream that does not end as the provider's did"
        )
    }

    private static func isWhole(_ end: StreamTranslation.End) -> Bool {
        switch end {
        case .finished, .stopped: true
        case .failed: false
        }
    }
}

import Ingress
import Testing

@Suite struct IngressLimitsTests {
    @Test(arguments: [
        (20_000, 9_872), (30_000, 12_000), (1_024, 384), (256, 1), (0, 1), (-1, 1), (Int.max, 12_000),
        (Int.min + 300, 1),
    ])
    func `a process takes no more callers than it has descriptors for them and their providers`(
        _ descriptors: Int,
        _ connections: Int
    ) {
        var limits = IngressLimits()
        limits.connections = 12_000
        #expect(limits.within(descriptors: descriptors).connections == connections)
        limits.connections = 5
        #expect(limits.within(descriptors: descriptors).connections == min(5, connections))
    }
}

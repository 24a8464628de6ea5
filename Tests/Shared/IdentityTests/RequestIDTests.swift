import Identity
import Testing

@Suite struct RequestIDTests {
    /// The example of RFC 9562, appendix A.6.
    @Test func `the published example comes out`() {
        let id = RequestID(
            milliseconds: 0x017F_22E2_79B0,
            random: (0xCC3, 0x18C4_DC0C_0C07_398F << 2)
        )
        #expect(id.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(id.milliseconds == 0x017F_22E2_79B0)
        #expect(RequestID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == id)
    }

    @Test func `whatever the random bits, version and variant are right`() throws {
        for random in [UInt64.min, .max, 0xAAAA_AAAA_AAAA_AAAA, 0x5555_5555_5555_5555] {
            let id = RequestID(milliseconds: .max, random: (random, random))
            let text = id.description
            #expect(Array(text)[14] == "7")
            #expect("89ab".contains(Array(text)[19]))
            #expect(RequestID(text) == id)
            #expect(id.milliseconds == 0xFFFF_FFFF_FFFF)
        }
    }

    @Test func `ids sort by time, as values and as text`() {
        let ids = [5, 1, 300, 70_000, 2].map { RequestID(milliseconds: $0, random: (.max - $0, .max - $0)) }
        #expect(ids.sorted().map(\.milliseconds) == [1, 2, 5, 300, 70_000])
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f", "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
        "017f22e2-79b0-7cc3-98c4_dc0c0c07398f", "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "------------------------------------", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "éééééééééééééééééé",
    ])
    func `what is no version 7 UUID in lower case is refused`(text: String) {
        #expect(RequestID(text) == nil)
    }
}

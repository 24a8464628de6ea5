import GatewayTestSupport
import Identity

extension StreamFixture {
    /// The streams of a dialect that its codec reads: those of the folder for all, and its own.
    static func ofCodec(_ dialect: Dialect) -> [StreamFixture] {
        let folder = CodecStory.folder
        let own = "events/\(dialect.rawValue)"
        return StreamFixture.all(in: folder).filter { $0.dialect == dialect }
            + folder.names(in: own, endingWith: ".sse").compactMap { name in
                (try? folder.bytes(of: "\(own)/\(name).sse")).map {
                    StreamFixture(dialect: dialect, name: name, bytes: $0)
                }
            }
    }
}

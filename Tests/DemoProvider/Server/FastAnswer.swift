/// An answer that the model's name alone decides, given without reading the request's JSON.
enum FastAnswer: Hashable, Sendable {
    /// `demo-canned`: the same answer every time.
    case canned
    /// `demo-paced-<ms>-<count>`: a stream of `count` deltas, one every `milliseconds`.
    case paced(milliseconds: Int, count: Int)
}

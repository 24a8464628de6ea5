/// The time that a model takes to read a picture, before it answers.
final class Reading: ActiveResponse {
    let bytesOut = 0
    private(set) var isAbandoned = false

    func start() {}
    func becameWritable() {}
    func abandon() { self.isAbandoned = true }
}

/// Wakes whoever runs a reactor's loop, from any thread.
protocol ReactorBell: Sendable {
    func ring()
}

import Testing

@Suite struct WireTestsPlaceholder {}

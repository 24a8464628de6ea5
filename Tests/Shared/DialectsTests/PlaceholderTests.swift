import Testing

@Suite struct DialectsPlaceholderTests {}

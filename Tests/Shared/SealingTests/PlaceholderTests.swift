import Testing

@Suite struct SealingPlaceholderTests {}

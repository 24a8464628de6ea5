import Testing

@Suite struct FeedsPlaceholderTests {}

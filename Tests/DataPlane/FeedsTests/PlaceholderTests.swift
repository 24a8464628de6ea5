import Testing

@Suite struct FeedsPlaceholder {}

import Testing

@Suite struct IdentityPlaceholderTests {}

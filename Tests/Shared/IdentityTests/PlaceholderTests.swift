import Testing

@Suite struct IdentityTestsPlaceholder {}

import Testing

@Suite struct AdministrationPlaceholderTests {}

import Testing

@Suite struct ExchangePlaceholderTests {}

import Testing

@Suite struct AdminAPIPlaceholderTests {}

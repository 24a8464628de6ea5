import Testing

@Suite struct ContractPlaceholderTests {}

import Testing

@Suite struct IngressPlaceholderTests {}

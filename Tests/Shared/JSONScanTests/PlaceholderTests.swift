import Testing

@Suite struct JSONScanPlaceholderTests {}

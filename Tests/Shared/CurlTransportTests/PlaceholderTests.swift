import Testing

@Suite struct CurlTransportPlaceholderTests {}

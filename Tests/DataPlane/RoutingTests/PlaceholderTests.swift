import Testing

@Suite struct RoutingPlaceholderTests {}

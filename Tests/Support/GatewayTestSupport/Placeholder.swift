enum GatewayTestSupportPlaceholder {}

@main struct DemoProviderMain { static func main() {} }

@main struct DataPlaneMain { static func main() {} }

@main struct ControlPlaneMain { static func main() {} }

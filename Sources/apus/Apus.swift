@main struct Apus { static func main() { print("apus") } }

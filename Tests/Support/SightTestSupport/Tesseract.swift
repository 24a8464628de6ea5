package import Foundation

/// Reads pictures with an OCR engine, which stands for a model that sees.
package enum Tesseract {
    /// What the engine reads in a picture; empty when it reads nothing, takes longer than 30 s, or there is no engine.
    package static func read(_ png: [UInt8]) -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "picture-\(UUID().uuidString).png")
        defer { try? FileManager.default.removeItem(at: file) }
        guard (try? Data(png).write(to: file)) != nil else { return "" }
        let output = Tesseract.output(of: ["tesseract", file.path, "stdout", "--psm", "6"], seconds: 30)
        return String(decoding: output, as: UTF8.self)
    }

    /// What a program writes; empty when it fails or takes too long.
    package static func output(of command: [String], seconds: Int) -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=1", "\(seconds)"] + command
        // One picture gains nothing from several threads, and several pictures lose by them.
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_THREAD_LIMIT": "1"]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return Data() }
        let output = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? output : Data()
    }
}

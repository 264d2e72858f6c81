import AsyncHTTPClient
import Foundation
import NIOCore

/// A window of a real browser, driven over WebDriver (https://www.w3.org/TR/webdriver2/).
///
/// Elements are named by CSS selectors; a command waits some seconds for its element to be there.
public struct Browser: Sendable {
    /// What was asked of the browser and could not be done.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private static let program = "/usr/bin/chromedriver"
    private static let patience = Duration.seconds(20)

    /// Why the tests that need a browser are skipped; nil where there is one.
    public static let missing: String? =
        FileManager.default.isExecutableFile(atPath: program) ? nil : "no Chromium here: Scripts/browser installs it"

    private let session: String

    /// Opens `count` windows that share nothing, as different people's would, and closes them after `body`.
    public static func open(
        _ count: Int = 1, width: Int = 1200, height: Int = 900, _ body: ([Browser]) async throws -> Void
    ) async throws {
        let driver = Process()
        driver.executableURL = URL(fileURLWithPath: program)
        driver.arguments = ["--port=0"]
        let output = Pipe()
        driver.standardOutput = output
        driver.standardError = FileHandle.nullDevice
        try driver.run()
        // A test that runs a service has SIGTERM blocked, and its children with it.
        defer { kill(driver.processIdentifier, SIGKILL) }
        let url = "http://127.0.0.1:\(try port(from: output.fileHandleForReading))"
        var browsers: [Browser] = []
        for _ in 0..<count {
            var options: [String: Any] = [
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                    "--window-size=\(width),\(height)",
                ]
            ]
            // A window of Chromium is never narrower than 500 pixels.
            if width < 600 { options["mobileEmulation"] = ["deviceMetrics": ["width": width, "height": height]] }
            let capabilities: [String: Any] = [
                "alwaysMatch": [
                    "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"],
                ]
            ]
            let answer = try await send("POST", url + "/session", ["capabilities": capabilities])
            guard let id = (answer as? [String: Any])?["sessionId"] as? String else {
                throw Failure(description: "the browser gave no session: \(String(describing: answer))")
            }
            browsers.append(Browser(session: "\(url)/session/\(id)"))
        }
        do {
            try await body(browsers)
        } catch {
            for browser in browsers { _ = try? await send("DELETE", browser.session) }
            throw error
        }
        for browser in browsers { _ = try await send("DELETE", browser.session) }
    }

    /// The driver says on which port it listens.
    private static func port(from handle: FileHandle) throws -> Int {
        var said = ""
        while true {
            let data = handle.availableData
            guard !data.isEmpty else { throw Failure(description: "chromedriver did not start: \(said)") }
            said += String(decoding: data, as: UTF8.self)
            if let line = said.split(separator: "\n").first(where: { $0.contains("successfully on port") }),
                said.hasSuffix("\n") || said.contains(line + "\n"),
                let port = line.split(whereSeparator: { !$0.isNumber }).last.flatMap({ Int($0) })
            {
                return port
            }
        }
    }

    // MARK: Pages

    public func go(to url: String) async throws { _ = try await command("POST", "/url", ["url": url]) }

    public var url: String { get async throws { try await command("GET", "/url") as? String ?? "" } }

    public func reload() async throws { _ = try await command("POST", "/refresh", [:]) }

    /// The value of a script's `return`.
    @discardableResult
    public func run(_ script: String) async throws -> Any? {
        try await command("POST", "/execute/sync", ["script": script, "args": [String]()])
    }

    /// A picture of the window, as PNG.
    public func picture() async throws -> Data {
        guard let text = try await command("GET", "/screenshot") as? String, let data = Data(base64Encoded: text) else {
            throw Failure(description: "the browser gave no picture")
        }
        return data
    }

    /// What the console said since the last time it was asked, warnings and errors only.
    public func complaints() async throws -> [String] {
        let lines = try await command("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return lines.filter { ["WARNING", "SEVERE"].contains($0["level"] as? String ?? "") }
            .map { $0["message"] as? String ?? "" }
    }

    // MARK: Elements

    public func text(of selector: String) async throws -> String {
        try await command("GET", "/element/\(element(selector))/text") as? String ?? ""
    }

    public func click(_ selector: String) async throws {
        _ = try await command("POST", "/element/\(element(selector))/click", [:])
    }

    public func type(_ text: String, into selector: String) async throws {
        _ = try await command("POST", "/element/\(element(selector))/value", ["text": text])
    }

    /// Presses keys, one after the other, wherever the focus is: `\u{E004}` is Tab, `\u{E007}` Enter.
    public func press(_ keys: String) async throws {
        let actions = keys.flatMap {
            [["type": "keyDown", "value": String($0)], ["type": "keyUp", "value": String($0)]]
        }
        let source: [String: Any] = ["type": "key", "id": "keyboard", "actions": actions]
        _ = try await command("POST", "/actions", ["actions": [source]])
    }

    /// Waits until the element's text contains `words`.
    public func wait(for words: String, in selector: String = "body") async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        // The page may be replaced between finding its element and reading it.
        while await (try? text(of: selector))?.contains(words) != true {
            if clock.now > deadline {
                throw Failure(
                    description: "\(selector) does not say «\(words)» but: \(try await text(of: selector))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func element(_ selector: String) async throws -> String {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        while true {
            let found = try? await command("POST", "/element", ["using": "css selector", "value": selector])
            if let id = (found as? [String: String])?.values.first { return id }
            if clock.now > deadline {
                throw Failure(description: "there is no \(selector) on the page")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    // MARK: The wire

    private func command(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> Any? {
        try await Self.send(method, session + path, body)
    }

    private static func send(_ method: String, _ url: String, _ body: [String: Any]? = nil) async throws -> Any? {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let data = Data((try await response.body.collect(upTo: 1 << 24)).readableBytesView)
        let value = (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["value"]
        guard response.status == .ok else {
            let message = (value as? [String: Any])?["message"] ?? response.status
            throw Failure(description: "\(method) \(url): \(message)")
        }
        return value
    }
}

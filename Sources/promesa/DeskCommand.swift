import ArgumentParser
import AsyncHTTPClient
import Foundation

struct DeskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "desk", abstract: "Attend hand-offs from a terminal, as an agent.")

    @Option(help: "The server.") var url = "http://127.0.0.1:8080"
    @Option(help: "The agent's token; PROMESA_AGENT_TOKEN unless given.") var token: String?
    @OptionGroup var trust: TrustOptions

    func run() async throws {
        guard let token = token ?? ProcessInfo.processInfo.environment["PROMESA_AGENT_TOKEN"] else {
            throw refuse("give the agent's token with --token or in PROMESA_AGENT_TOKEN")
        }
        try await trust.withClient { client in
            let terminal = DeskTerminal(client: client, url: url, token: token)
            print(DeskTerminal.help)
            await terminal.execute("lista")
            while true {
                print("> ", terminator: "")
                fflush(nil)
                guard let line = readLine(), line != "salir" else { break }
                await terminal.execute(line)
            }
        }
    }
}

private enum DeskMethod { case GET, POST }

/// One agent's commands, over the same HTTP interface as any other client.
struct DeskTerminal {
    let client: HTTPClient
    let url: String
    let token: String

    static let help = """
        lista                      los casos que esperan
        ver CASO                   la cuenta, la charla y lo que se puede ofrecer
        tomar CASO                 pasa a ser tuyo
        responder CASO TEXTO       le escribís al cliente
        nota CASO TEXTO            queda en el caso; el cliente no la ve
        esperar CASO | soltar CASO     en espera, o de vuelta a la cola
        devolver CASO [NOTA]       sigue el bot
        cerrar CASO [NOTA]         terminado
        llamados                   los que hay que hacer
        agendar CASO DÍA HORA      pidió que lo llamen: 2026-11-26 15:30
        llamé CASO si | no         hablaron, o no atendió y no se lo llama más
        marcar CASO MARCA          vulnerable o cese; no-vulnerable o no-cese levanta la marca
        salir
        """

    func execute(_ line: String) async {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard let verb = words.first else { return }
        let id = words.count > 1 ? words[1] : ""
        let text = words.count > 2 ? words[2] : ""
        switch verb {
        case "lista": await list("/v1/handoffs", "handoffs", none: "No hay nadie esperando.")
        case "ver": await show(id)
        case "tomar": await act(id, "claim", nil, done: "El caso es tuyo.")
        case "responder": await act(id, "reply", ["text": text], done: "Enviado.")
        case "nota": await act(id, "note", ["text": text], done: "Anotado.")
        case "esperar": await act(id, "hold", nil, done: "En espera.")
        case "soltar": await act(id, "release", nil, done: "Volvió a la cola.")
        case "devolver": await act(id, "return", text.isEmpty ? nil : ["note": text], done: "Sigue el bot.")
        case "cerrar": await act(id, "close", text.isEmpty ? nil : ["note": text], done: "Cerrado.")
        case "llamados": await list("/v1/callbacks", "callbacks", none: "No hay llamados pendientes.")
        case "agendar":
            let parts = text.split(separator: " ").map(String.init)
            guard parts.count == 2 else { return print(Self.help) }
            await act(id, "callback", ["day": parts[0], "time": parts[1]], done: "Agendado.")
        case "llamé", "llame":
            if await request(.POST, "/v1/handoffs/\(id)/called", ["reached": text == "si" || text == "sí"]) != nil {
                print("Anotado.")
            }
        case "marcar":
            let marks = ["vulnerable": "vulnerable", "cese": "ceased"]
            let lifts = text.hasPrefix("no-")
            guard let mark = marks[lifts ? String(text.dropFirst(3)) : text] else { return print(Self.help) }
            if await request(.POST, "/v1/handoffs/\(id)/mark", [mark: !lifts]) != nil { print("Anotado.") }
        default: print(Self.help)
        }
    }

    private func list(_ path: String, _ key: String, none: String) async {
        guard let body = await request(.GET, path) as? [String: Any], let cases = body[key] as? [[String: Any]]
        else { return }
        if cases.isEmpty { print(none) }
        for entry in cases {
            func value(_ key: String) -> String { entry[key].map { "\($0)" } ?? "" }
            let minutes = (entry["waiting_seconds"] as? Int ?? 0) / 60
            let agent = entry["agent"] as? String
            let call = (entry["call"] as? [String: Any]).flatMap { $0["state"] as? String == "pending" ? $0 : nil }
            print(
                shown(
                    "\(value("id"))  \(value("account_name"))  \(value("reason"))  espera \(minutes) min"
                        + (call.map { "  llamar \($0["when"] ?? "") al \($0["phone"] ?? "")" } ?? "")
                        + (agent.map { "  lo tiene \($0)" } ?? "")))
        }
    }

    private func show(_ id: String) async {
        guard let body = await request(.GET, "/v1/handoffs/\(id)") as? [String: Any] else { return }
        print(Self.rendered(body))
    }

    /// The case as an agent reads it, from the JSON of `GET /v1/handoffs/ID`.
    static func rendered(_ body: [String: Any]) -> String {
        var lines: [String] = []
        let handoff = body["handoff"] as? [String: Any] ?? [:]
        func text(_ value: Any?) -> String { value.map { "\($0)" } ?? "—" }
        lines.append(
            "Caso \(text(handoff["id"]))  motivo: \(text(handoff["reason"]))  estado: \(text(handoff["state"]))")
        if let account = body["account"] as? [String: Any] {
            lines.append(
                "Cuenta \(text(account["id"]))  \(text(account["name"]))  días de mora: \(text(account["days_past_due"]))  debe: \(text(account["total"]))"
            )
            for item in account["items"] as? [[String: Any]] ?? [] {
                lines.append(
                    "  \(text(item["description"])): \(text(item["total"])) (venció \(text(item["due_date"])))")
            }
        }
        for promise in body["promises"] as? [[String: Any]] ?? [] {
            lines.append(
                "Promesa \(text(promise["state"])): \(text(promise["amount"])) para el \(text(promise["pay_by"]))")
        }
        for offer in body["offers"] as? [[String: Any]] ?? [] {
            lines.append("Se puede ofrecer: \(text(offer["description"]))")
        }
        for entry in body["transcript"] as? [[String: Any]] ?? [] {
            lines.append("\(text(entry["at"]))  \(text(entry["speaker"])): \(text(entry["text"]))")
        }
        return shown(lines.joined(separator: "\n"))
    }

    private func act(_ id: String, _ action: String, _ body: [String: String]?, done: String) async {
        if await request(.POST, "/v1/handoffs/\(id)/\(action)", body) != nil { print(done) }
    }

    /// The decoded answer; nil after printing what went wrong.
    private func request(_ method: DeskMethod, _ path: String, _ body: [String: any Sendable]? = nil) async -> Any? {
        var request = HTTPClientRequest(url: url + path)
        request.method = method == .GET ? .GET : .POST
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        do {
            if let body { request.body = .bytes(try JSONSerialization.data(withJSONObject: body)) }
            let response = try await client.execute(request, timeout: .seconds(15))
            let data = Data((try await response.body.collect(upTo: 1 << 22)).readableBytesView)
            let answer = try JSONSerialization.jsonObject(with: data)
            if (200..<300).contains(response.status.code) { return answer }
            let error = (answer as? [String: Any])?["error"] as? [String: Any]
            if response.status == .conflict, let agent = error?["agent"] as? String {
                print("Lo tiene \(agent).")
            } else {
                print(shown("No se pudo: \(error?["message"] ?? response.status)"))
            }
        } catch {
            print("El servidor no responde en \(url).")
        }
        return nil
    }
}

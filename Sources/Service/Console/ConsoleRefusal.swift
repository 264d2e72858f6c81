import Foundation
import Hummingbird
import Pages

/// What people read where the console refuses: a page, in Spanish, in place of the API's JSON.
enum ConsoleRefusal {
    /// Whether a request comes from a page that people look at: the console's, but for its stream of changes.
    static func isForPeople(_ request: Request) -> Bool {
        let path = request.uri.path
        return path.hasPrefix("/consola/") && path != "/consola/cambios" || path == "/consola"
    }

    static func page(of refusal: Refusal, to request: Request) -> Response {
        var response =
            refusal.status == .unauthorized
            ? ConsoleRoutes.html(
                loginPage(
                    .refused(
                        "Tu sesión terminó y no se hizo nada: entrá de nuevo. Lo que habías escrito sigue en la página de atrás."
                    ), wanted: caseOf(request)), status: refusal.status)
            : ConsoleRoutes.html(refusalPage(words(of: refusal)), status: refusal.status)
        response.headers[.retryAfter] = refusal.retryAfter.map(String.init)
        response.headers[.allow] = refusal.allow
        return response
    }

    private static func words(of refusal: Refusal) -> String {
        // What cannot be filtered is said in Spanish where it is found.
        if refusal.error.code == "filter" { return refusal.error.message }
        if refusal.error.code == "csrf" { return "La página era de otra sesión y no se hizo nada: abrila de nuevo." }
        return switch refusal.status {
        case .forbidden: "Tu usuario no tiene permiso para esto."
        case .notFound: "Esa página no existe."
        case .methodNotAllowed: "Esa dirección no es de una página."
        case .contentTooLarge: "Lo que mandaste es demasiado largo."
        case .tooManyRequests, .serviceUnavailable:
            "El servidor está ocupado y no se hizo nada: probá de nuevo en unos segundos."
        default: "No se pudo hacer: volvé a la página y probá de nuevo."
        }
    }

    // MARK: The way back after logging in

    /// Where to log in, so that the page that was wanted comes then: a saved address of the dashboard stays good.
    static func login(for request: Request) -> String {
        guard request.uri.path != "/consola" else { return "/consola/entrar" }
        let wanted = request.uri.path + (request.uri.query.map { "?" + $0 } ?? "")
        return "/consola/entrar?volver=" + (wanted.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
    }

    /// Where to go after logging in: a page of the console, whatever else was asked for.
    static func place(_ wanted: String?) -> String {
        guard let wanted, wanted.hasPrefix("/consola/"), wanted.utf8.allSatisfy({ (33...126).contains($0) }) else {
            return "/consola"
        }
        return wanted
    }

    /// The page on which an order was given: "/consola/casos/h1" of "/consola/casos/h1/responder".
    private static func caseOf(_ request: Request) -> String? {
        let parts = request.uri.path.split(separator: "/")
        return parts.count == 4 && parts[1] == "casos" ? "/" + parts.prefix(3).joined(separator: "/") : nil
    }
}

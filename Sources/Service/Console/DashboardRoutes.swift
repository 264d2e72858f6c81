import Foundation
import Hummingbird
import Pages
import Quantities
import Reports
import Storage

/// The manager's dashboard: `/consola/tablero/SUBJECT?filters`, and each figure as CSV. For managers.
struct DashboardRoutes {
    /// Rows that a page looks at or lists one by one, at most.
    static let mostRows = 500

    let backend: Backend

    func add(to router: Router<RouteContext>) {
        router.get("tablero") { _, _ in Response.seeOther("/consola/tablero") }
        router.get("consola/tablero") { _, _ in
            Response.seeOther("/consola/tablero/\(Subject.cartera.rawValue)")
        }
        router.get("consola/tablero/:subject") { request, context in
            let visitor = Visitor(try context.requireCaller())
            let name = try context.parameters.require("subject")
            guard let subject = Subject(rawValue: name) else { throw Self.unknown(name) }
            return try await show(subject, visitor, Self.query(request))
        }
        router.get("consola/tablero/csv/:figure") { request, context in
            let name = try context.parameters.require("figure")
            guard let figure = Figure(rawValue: name) else { throw Self.unknown(name) }
            return try await file(figure, Self.query(request))
        }
    }

    private static func unknown(_ name: String) -> Refusal {
        Refusal(.notFound, "unknown_report", "There is no report `\(name)`.")
    }

    private static func query(_ request: Request) -> [String: String] {
        Dictionary(request.uri.queryParameters.map { (String($0.key), String($0.value)) }) { _, last in last }
    }

    /// - Throws: 422 with what cannot be used.
    private static func filter(_ query: [String: String], _ today: Day) throws -> ReportFilter {
        do {
            return try ReportFilter(query: query, today: today)
        } catch {
            throw Refusal(.unprocessableContent, "filter", error.description)
        }
    }

    private func terms(mostRows: Int) -> ReportTerms {
        let world = backend.processor.world
        return ReportTerms(
            today: backend.now().day(in: world.zone), zone: world.zone, calendar: world.calendar,
            conduct: world.conduct, policy: world.policy, mostRows: mostRows)
    }

    private func show(_ subject: Subject, _ visitor: Visitor, _ query: [String: String]) async throws -> Response {
        let terms = terms(mostRows: Self.mostRows)
        var (filter, notice) = (ReportFilter(today: terms.today), nil as Notice?)
        do {
            filter = try ReportFilter(query: query, today: terms.today)
        } catch let problem as ReportFilterProblem {
            notice = .refused(problem.description)
        }
        let (reports, choices) = try await backend.store.reports(subject.figures, filter, terms)
        let page = DashboardPage(
            subject, filter,
            DashboardChoices(segments: choices.segments, versions: choices.versions, agents: choices.agents),
            for: visitor)
        return ConsoleRoutes.html(
            page.rendered(reports, notice), status: notice == nil ? .ok : .unprocessableContent)
    }

    private func file(_ figure: Figure, _ query: [String: String]) async throws -> Response {
        let terms = terms(mostRows: .max)
        let filter = try Self.filter(query, terms.today)
        let report = try await backend.store.report(figure, filter, terms)
        var response = Response.raw(Data(report.table.csv), type: "text/csv; charset=utf-8")
        response.headers[.contentDisposition] =
            "attachment; filename=\"\(figure.rawValue)-\(filter.from.iso)-\(filter.to.iso).csv\""
        return response
    }
}

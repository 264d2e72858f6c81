/// Statements that several places write, and what the two databases write differently.
enum SQL {
    /// Writes a row, or the other columns of the one that has its key.
    static func put(_ table: String, key: [String], _ columns: [String]) -> String {
        let all = key + columns
        return """
            INSERT INTO \(table) (\(all.joined(separator: ", ")))
                VALUES (\(Array(repeating: "?", count: all.count).joined(separator: ", ")))
                ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE
                    SET \(columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
    }

    /// For `IN`: never nothing between the brackets.
    static func list(_ numbers: [Int64]) -> String {
        numbers.isEmpty ? "(NULL)" : "(" + numbers.map(String.init).joined(separator: ",") + ")"
    }

    #if PostgreSQL
        /// Whether a value is neither 0 nor false.
        static func isTrue(_ value: String) -> String { "coalesce(\(value), '0') NOT IN ('0', 'false')" }
        /// The same of a column that is always 0 or 1.
        static func isSet(_ flag: String) -> String { "\(flag) <> 0" }
    #else
        /// As indexes on it say it.
        static func isTrue(_ value: String) -> String { value }
        static func isSet(_ flag: String) -> String { flag }
    #endif

    #if PostgreSQL
        /// - Parameter event: `AFTER UPDATE ON table`, and where it matters `WHEN` and a condition.
        static func trigger(_ name: String, _ event: String, _ body: String) -> String {
            let parts = event.split(separator: "WHEN", maxSplits: 1)
            let condition = parts.count == 2 ? "WHEN (\(parts[1]))" : ""
            let row = event.hasPrefix("AFTER") ? "NULL" : event.hasPrefix("BEFORE DELETE") ? "old" : "new"
            return """
                CREATE FUNCTION \(name)() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                \(body)
                RETURN \(row);
                END $$;
                CREATE TRIGGER \(name) \(parts[0]) FOR EACH ROW \(condition) EXECUTE FUNCTION \(name)();

                """
        }
    #else
        static func trigger(_ name: String, _ event: String, _ body: String) -> String {
            "CREATE TRIGGER \(name) \(event) BEGIN\n\(body)\nEND;\n"
        }
    #endif
}

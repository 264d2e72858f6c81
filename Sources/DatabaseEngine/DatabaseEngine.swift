// What the house of storage speaks to: GRDB, and with the trait `PostgreSQL` the same names over libpq, in the other files
// of this folder.
#if !PostgreSQL
    @_exported import GRDB

    /// The configuration of a connection; other houses have a configuration of their own.
    public typealias DatabaseConfiguration = GRDB.Configuration
#endif

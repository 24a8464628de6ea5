package import Identity

/// Where PostgreSQL is and how long to wait for it.
package struct PostgresConfiguration: Sendable {
    /// A connection URL or `key=value` string as libpq reads it, with one host or several.
    ///
    /// Secret, for it may hold a password.
    package var url: Secret
    /// What `pg_stat_activity` shows.
    package var applicationName: String
    package var maximumConnections: Int
    /// How long a caller waits for a free connection.
    package var leaseTimeout: Duration = .seconds(3)
    /// After this the server cancels a statement.
    ///
    /// Below `answerTimeout`, so that a slow statement is told apart from a server that is gone.
    package var statementTimeout: Duration = .milliseconds(4000)
    /// After this, counted from the request for a connection, the server counts as gone.
    package var answerTimeout: Duration = .milliseconds(4700)
    package var lockTimeout: Duration = .milliseconds(2000)
    package var idleInTransactionTimeout: Duration = .seconds(10)

    package init(url: Secret, applicationName: String, maximumConnections: Int = 8) {
        self.url = url
        self.applicationName = applicationName
        self.maximumConnections = max(1, maximumConnections)
    }

    /// How long a server may take to answer a statement that it cancels after `timeout`: as much longer as it
    /// is given for others.
    func answerTimeout(ofStatement timeout: Duration?) -> Duration {
        guard let timeout else { return self.answerTimeout }
        return timeout + (self.answerTimeout - self.statementTimeout)
    }
}

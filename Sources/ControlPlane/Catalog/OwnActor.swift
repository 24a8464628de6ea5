/// Who changed something when it was no administrator, as the audit log and the snapshots name it.
package enum OwnActor: String, CaseIterable, Sendable {
    /// Publishes what probes found out.
    case validator
    /// Makes the cluster, and publishes above what nodes run.
    case controlPlane = "control-plane"
    /// Whoever holds the database and the key file.
    case commandLine = "command-line"
}

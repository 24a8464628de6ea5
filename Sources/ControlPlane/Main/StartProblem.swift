import Administration
import Storage

/// Something that only an operator can mend, so that trying again is of no use: the process ends with status 78.
protocol StartProblem: Error, CustomStringConvertible {}

extension ClusterProblem: StartProblem {}
extension MigrationProblem: StartProblem {}

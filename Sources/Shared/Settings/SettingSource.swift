/// Where the value of a setting came from; an earlier case goes before a later one.
package enum SettingSource: String, Hashable, Sendable, CaseIterable {
    case flag = "the command line"
    case environment = "the environment"
    case file = "the settings file"
    case `default` = "the default"
}

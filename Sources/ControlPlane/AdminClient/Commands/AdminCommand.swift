import ArgumentParser

/// The verbs that ask a control plane over its admin API.
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "router-control-plane",
        abstract: "Administer a router over its admin API.",
        subcommands: [
            ProviderCommand.self, ModelCommand.self, GroupCommand.self, TokenCommand.self, AdministratorCommand.self,
            NodeCommand.self, JoinTokenCommand.self, SnapshotCommand.self, AuditVerb.self, ApplyVerb.self,
            AttestationCommand.self, ValidationCommand.self, EvidenceVerb.self,
        ]
    )
}

struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Work on providers.",
        subcommands: [
            ListVerb<ProviderNoun>.self, GetVerb<ProviderNoun>.self, PutVerb<ProviderNoun>.self,
            PatchVerb<ProviderNoun>.self, DeleteVerb<ProviderNoun>.self,
        ]
    )
}

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Work on the models of providers.",
        subcommands: [
            ModelListVerb.self, GetVerb<ModelNoun>.self, PutVerb<ModelNoun>.self, PatchVerb<ModelNoun>.self,
            DeleteVerb<ModelNoun>.self,
        ]
    )
}

struct AttestationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attestation",
        abstract: "Vouch for what models can do.",
        subcommands: [AttestationListVerb.self, AttestationPutVerb.self, AttestationDeleteVerb.self]
    )
}

struct ValidationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validation",
        abstract: "Find out what models can do.",
        subcommands: [ValidationRunVerb.self, ValidationListVerb.self, ValidationGetVerb.self]
    )
}

struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Work on model groups.",
        subcommands: [
            ListVerb<GroupNoun>.self, GetVerb<GroupNoun>.self, PutVerb<GroupNoun>.self, PatchVerb<GroupNoun>.self,
            DeleteVerb<GroupNoun>.self,
        ]
    )
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Work on caller tokens.",
        subcommands: [
            TokenCreateVerb.self, ListVerb<TokenNoun>.self, GetVerb<TokenNoun>.self, TokenPatchVerb.self,
            TokenRevokeVerb.self, TokenRotateVerb.self,
        ]
    )
}

struct AdministratorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin",
        abstract: "Work on administrators.",
        subcommands: [
            AdministratorCreateVerb.self, ListVerb<AdministratorNoun>.self, GetVerb<AdministratorNoun>.self,
            PatchVerb<AdministratorNoun>.self, AdministratorRotateVerb.self, DeleteVerb<AdministratorNoun>.self,
        ]
    )
}

struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Work on nodes.",
        subcommands: [NodeListVerb.self, NodeDeleteVerb.self]
    )
}

struct JoinTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join-token",
        abstract: "Invite nodes.",
        subcommands: [JoinTokenCreateVerb.self]
    )
}

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Work on published snapshots.",
        subcommands: [
            SnapshotListVerb.self, SnapshotShowVerb.self, SnapshotDiffVerb.self, SnapshotRestoreVerb.self,
        ]
    )
}

import Canonical

extension TargetTraits {
    /// A small model of an old server: it takes as little as can be.
    static func poor(maximumOutputTokens: Int) -> TargetTraits {
        var target = TargetTraits(model: "acme-7b", maximumOutputTokens: maximumOutputTokens)
        target.usesMaximumCompletionTokens = false
        target.takesStreamOptions = false
        target.reasons = false
        target.takesSampling = false
        target.takesOutputSchema = false
        target.takesStrictTools = false
        target.takesCacheKey = false
        target.takesEndUser = false
        target.takesOnlyLeadingSystem = true
        return target
    }
}

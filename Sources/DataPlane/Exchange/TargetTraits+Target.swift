package import Canonical
import Contract
package import Identity
package import Routing

extension TargetTraits {
    /// What a target's model can be told in `dialect`, from what is declared of it and its quirks.
    package init(_ target: Target, dialect: Dialect) {
        let model = target.model
        let declared = model.declared[dialect]
        self.init(
            model: model.upstreamModel,
            maximumOutputTokens: model.maxOutputTokens,
            quirks: model.quirks,
            reasons: declared?.reasoning ?? false,
            takesOutputSchema: declared?.structuredOutput ?? false
        )
    }
}

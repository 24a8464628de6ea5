package import Canonical
import Contract
package import Identity
package import Routing

extension TargetTraits {
    /// What a target's model can be told in `dialect`, from what is proven or declared of it and its quirks.
    ///
    /// `now` is in milliseconds since 1970.
    package init(_ target: Target, dialect: Dialect, now: Int) {
        let model = target.model
        self.init(
            model: model.upstreamModel,
            maximumOutputTokens: model.maxOutputTokens,
            quirks: model.quirks,
            reasons: target.offers(.reasoning, in: dialect, now: now),
            takesOutputSchema: target.offers(.structuredOutput, in: dialect, now: now)
        )
    }
}

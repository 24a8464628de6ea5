import Contract
import Identity
import Ingress
import Routing
import Telemetry

/// What a node tells its control planes of how targets fare: those only that it does not ask in their turn.
enum HealthReport {
    static func targets(of health: HealthRegister) -> [TargetHealth] {
        let now = MonotonicClock.now()
        let targets = health.reports().compactMap { report -> TargetHealth? in
            let (state, until): (TargetHealth.State, UInt64)
            switch report.verdict {
            case .ready: return nil
            case .ejected(let end): (state, until) = (.setAside, end)
            case .held(let end): (state, until) = (.paused, end)
            }
            return TargetHealth(
                provider: report.key.provider,
                model: report.key.model,
                dialect: report.key.dialect,
                state: state,
                milliseconds: min(Int(clamping: (until > now ? until - now : 0) / 1_000_000), 86_400_000)
            )
        }
        return Array(targets.sorted { $0.milliseconds > $1.milliseconds }.prefix(TargetHealth.most))
    }
}

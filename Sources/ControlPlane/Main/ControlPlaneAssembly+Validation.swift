import Administration
import CurlTransport
import Launch
import Logging
import Probing
import ServiceLifecycle
import Settings
import Telemetry

extension ControlPlaneAssembly {
    /// What finds out what models can do: nothing where that is off, and the listener only where providers reach it.
    static func validation(
        _ settings: ValidationSettings,
        _ queue: ValidationQueue,
        _ logger: Logger
    ) throws -> [any Service] {
        guard settings.isOn else { return [] }
        let now: @Sendable () -> Int = { WallClock.now() }
        let shelf = PictureShelf(now: now)
        let validator = Validator(
            reactor: try CurlReactor(name: "probes"),
            site: settings.site.map { Validator.PictureSite(shelf: shelf, url: $0.url) },
            limits: settings.limits,
            egress: Egress(
                proxy: settings.egress.proxy,
                certificateAuthorities: settings.egress.certificateAuthorities
            ),
            now: now
        )
        let work = ValidationWork(
            queue: queue,
            validator: validator,
            width: settings.limits.places,
            widthPerProvider: settings.limits.concurrency,
            logger: logger
        )
        var services: [any Service] = [Background { await work.run() }]
        if let site = settings.site {
            services.append(
                PictureListener(
                    host: site.listen.host,
                    port: site.listen.port,
                    shelf: shelf,
                    logger: logger,
                    onBound: { port in ControlPlaneAssembly.announce("providers", site.listen, port, logger) }
                )
            )
        }
        return services
    }
}

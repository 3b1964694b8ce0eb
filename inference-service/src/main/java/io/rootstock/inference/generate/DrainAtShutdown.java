package io.rootstock.inference.generate;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.rootstock.inference.config.InferenceSettings;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.logging.Logger;

/** Drains the service at SIGTERM, before its listeners close. */
@Singleton
class DrainAtShutdown {
    private static final Logger LOG = Logger.getLogger(DrainAtShutdown.class.getName());

    private final Intake intake;
    private final InferenceSettings settings;

    @Inject
    DrainAtShutdown(Intake intake, InferenceSettings settings) {
        this.intake = intake;
        this.settings = settings;
    }

    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        LOG.info("draining: " + intake.inFlight() + " requests in flight have "
                + settings.drain().toSeconds() + " s to finish");
        try {
            int late = intake.drain(settings.drain());
            LOG.info(late == 0 ? "drained" : "drained; " + late + " requests did not finish in time");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

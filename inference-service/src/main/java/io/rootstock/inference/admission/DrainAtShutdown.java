package io.rootstock.inference.admission;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.rootstock.inference.config.InferenceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** Drains the service at SIGTERM, before its listeners close. */
@ApplicationScoped
class DrainAtShutdown {
    private static final Logger LOG = Logger.getLogger(DrainAtShutdown.class);

    private final AdmissionControl admission;
    private final InferenceSettings settings;

    @Inject
    DrainAtShutdown(AdmissionControl admission, InferenceSettings settings) {
        this.admission = admission;
        this.settings = settings;
    }

    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        LOG.info("draining: " + admission.inFlight() + " requests in flight have "
                + settings.drain().toSeconds() + " s to finish");
        try {
            int late = admission.drain(settings.drain());
            LOG.info(late == 0 ? "drained" : "drained; " + late + " requests did not finish in time");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

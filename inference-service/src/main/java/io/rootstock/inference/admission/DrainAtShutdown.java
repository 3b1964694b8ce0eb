package io.rootstock.inference.admission;

import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.service.lifecycle.NewCallsEnded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** Drains the service when it stops: requests over HTTP are refused from then on; the gRPC server takes none. */
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

    void drain(@Observes NewCallsEnded event) {
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

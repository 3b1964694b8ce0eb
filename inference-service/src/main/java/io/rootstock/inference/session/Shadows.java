package io.rootstock.inference.session;

import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.QueueFullException;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.GenerationRequest;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.ServingMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Runs shadow copies of requests with canaries: a copy is read to its end, measured and discarded, at the lowest
 * priority. At most as many copies as slots run at once; further ones are dropped. No client waits for a copy.
 */
@ApplicationScoped
public class Shadows {
    private static final Logger LOG = Logger.getLogger(Shadows.class);

    private final ModelAccess access;
    private final ServingMetrics metrics;
    private final Semaphore atHand;

    @Inject
    Shadows(ModelAccess access, ServingMetrics metrics, InferenceSettings settings) {
        this.access = access;
        this.metrics = metrics;
        this.atHand = new Semaphore(settings.slots());
    }

    /**
     * Submits a shadow copy of a generation request, if the model has a shadow canary; returns immediately.
     *
     * @param request creates the request with the canary's own tokenizer
     */
    public void copyText(String model, Function<Session, GenerationRequest> request) {
        copy(model, session -> read(session, request));
    }

    /** Runs a shadow copy of work, if the model has a shadow canary; returns immediately. */
    public void copy(String model, Consumer<Session> work) {
        Optional<Session> session = access.shadow(model);
        if (session.isEmpty()) {
            return;
        }
        if (!atHand.tryAcquire()) {
            metrics.shadowDropped(session.get().model().version().model());
            session.get().close();
            return;
        }
        Thread.ofVirtual().name("shadow").start(() -> {
            try (Session shadow = session.get()) {
                run(shadow, work);
            } finally {
                atHand.release();
            }
        });
    }

    private void run(Session shadow, Consumer<Session> work) {
        try {
            work.accept(shadow);
        } catch (QueueFullException _) {
            metrics.shadowDropped(shadow.model().version().model());
        } catch (RuntimeException e) {
            LOG.debug("a copy failed on " + shadow.version(), e);
            shadow.failed(EngineErrors.of(e));
        }
    }

    private static void read(Session shadow, Function<Session, GenerationRequest> request) {
        List<Generation> generations = List.of();
        try {
            // Without an id, so that Abort counts only the completions of the original request.
            GenerationRequest copy = request.apply(shadow)
                    .withPriority(GenerationRequest.BACKGROUND)
                    .withRequestId("");
            generations = shadow.engine().submit(copy);
            for (Generation generation : generations) {
                Output output = generation.next();
                while (output instanceof Output.Text) {
                    output = generation.next();
                }
                if (output instanceof Output.End end) {
                    shadow.finished(end);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            generations.forEach(Generation::cancel);
        }
    }
}

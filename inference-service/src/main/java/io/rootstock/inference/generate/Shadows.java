package io.rootstock.inference.generate;

import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.Generation;
import io.rootstock.inference.engine.GenerationRequest;
import io.rootstock.inference.engine.Output;
import io.rootstock.inference.engine.QueueFullException;
import io.rootstock.inference.generate.ModelAccess.Session;
import io.rootstock.inference.metrics.ServingMetrics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Copies of requests for versions on trial: read to the end, measured and thrown away, behind every other request. Where
 * as many copies as there are slots are at hand already, the next ones are dropped; nobody ever waits for a copy.
 */
@Singleton
final class Shadows {
    private static final Logger LOG = Logger.getLogger(Shadows.class.getName());

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
     * Has the version on trial, where this model has one that wants copies, generate for the same request; returns at once.
     *
     * @param request makes the request with that version's own tokenizer
     */
    void copyText(String model, Function<Session, GenerationRequest> request) {
        copy(model, session -> read(session, request));
    }

    /** Does the same work with the version on trial, where this model has one that wants copies; returns at once. */
    void copy(String model, Consumer<Session> work) {
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
            LOG.log(Level.FINE, "a copy failed on " + shadow.version(), e);
            shadow.failed(access.refusal(e));
        }
    }

    private static void read(Session shadow, Function<Session, GenerationRequest> request) {
        List<Generation> generations = List.of();
        try {
            // Without an id: whoever aborts the request is told of its own texts only.
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

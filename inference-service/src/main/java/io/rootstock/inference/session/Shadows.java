package io.rootstock.inference.session;

import io.rootstock.inference.canary.TextComparison;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.EngineException;
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
     * @param comparable whether the texts of both versions may be compared
     * @return receives the text of the main version; empty if the texts are not compared
     */
    public Optional<TextComparison> copyText(
            String model, Function<Session, GenerationRequest> request, boolean comparable) {
        Optional<Session> session = access.shadow(model);
        Optional<TextComparison> comparison =
                session.filter(_ -> comparable).flatMap(Session::analysis).map(TextComparison::new);
        return session.isPresent() && start(session.get(), shadow -> read(shadow, request, comparison))
                ? comparison
                : Optional.empty();
    }

    /** Runs a shadow copy of work, if the model has a shadow canary; returns immediately. */
    public void copy(String model, Consumer<Session> work) {
        access.shadow(model).ifPresent(session -> {
            boolean _ = start(session, work);
        });
    }

    /** Starts work with a canary, which it closes; returns false if too much runs already. */
    private boolean start(Session session, Consumer<Session> work) {
        if (!atHand.tryAcquire()) {
            metrics.shadowDropped(session.model().version().model());
            session.close();
            return false;
        }
        Thread.ofVirtual().name("shadow").start(() -> {
            try (Session shadow = session) {
                run(shadow, work);
            } finally {
                atHand.release();
            }
        });
        return true;
    }

    private void run(Session shadow, Consumer<Session> work) {
        try {
            work.accept(shadow);
        } catch (RuntimeException e) {
            if (e instanceof EngineException refused && refused.reason() == EngineException.Reason.QUEUE_FULL) {
                metrics.shadowDropped(shadow.model().version().model());
                return;
            }
            LOG.debug("a copy failed on " + shadow.version(), e);
            shadow.failed(EngineErrors.of(e));
        }
    }

    private static void read(
            Session shadow, Function<Session, GenerationRequest> request, Optional<TextComparison> comparison) {
        List<Generation> generations = List.of();
        try {
            // Without an id, so that Abort counts only the completions of the original request.
            GenerationRequest copy = request.apply(shadow)
                    .withPriority(GenerationRequest.BACKGROUND)
                    .withRequestId("");
            generations = shadow.engine().submit(copy);
            for (Generation generation : generations) {
                StringBuilder text = new StringBuilder();
                Output output = generation.next();
                while (output instanceof Output.Text part) {
                    if (text.length() < TextComparison.LENGTH) {
                        text.append(part.text());
                    }
                    output = generation.next();
                }
                if (output instanceof Output.End end) {
                    shadow.finished(end);
                    comparison.ifPresent(compared -> compared.shadow(text.toString()));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            generations.forEach(Generation::cancel);
        }
    }
}

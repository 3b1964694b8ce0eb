package io.rootstock.inference.serving;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.serving.ServedModels.Due;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Loads the versions that are due: they are fetched concurrently and loaded one at a time, only the newest of each
 * alias. A failed load changes only the alias's status and is retried.
 */
final class LoadScheduler {
    private static final Logger LOG = Logger.getLogger(LoadScheduler.class);

    private final ServedModels models;
    private final ModelLoader loader;
    private final ServingMetrics metrics;
    /** Held during a load: memory has room for one load at a time. */
    private final ReentrantLock loading = new ReentrantLock(true);

    private final Thread thread;

    /** Starts to load; ends when the table is closed. */
    LoadScheduler(ServedModels models, ModelLoader loader, ServingMetrics metrics) {
        this.models = models;
        this.loader = loader;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().name("model-loads").daemon().start(this::run);
    }

    /** Waits until no more loads are started, at most 30 seconds; the table must be closed. */
    void awaitEnd() {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (Optional<Due> due = models.nextDue(); due.isPresent(); due = models.nextDue()) {
            Due next = due.get();
            Thread.ofPlatform().name("model-loader").daemon().start(() -> load(next));
        }
    }

    private void load(Due due) {
        try {
            ServedVersion version = due.wanted().version();
            ModelFiles files = loader.fetch(version, () -> models.wanted(due));
            loader.loadFirst(version, files, () -> models.wanted(due));
            loading.lock();
            try {
                if (models.wanted(due)) {
                    load(due, version, files);
                }
            } finally {
                loading.unlock();
            }
        } catch (RuntimeException | Error e) {
            if (models.wanted(due)) {
                LOG.warn("cannot load " + due.wanted().name() + " for " + due.alias(), e);
                metrics.loadFailed(ServedModels.model(due.alias()));
                models.fail(due, e);
            }
        } finally {
            models.end(due);
        }
    }

    private void load(Due due, ServedVersion version, ModelFiles files) {
        makeRoom(due, version, files);
        LoadedModel model = loader.load(version, files);
        if (!models.install(due, model)) {
            model.retire();
        }
    }

    /**
     * If memory is too small and the policy is REPLACE, frees the previous version first; it is loaded again if the new
     * one fails.
     */
    private void makeRoom(Due due, ServedVersion version, ModelFiles files) {
        Optional<String> shortage = loader.shortage(version, files);
        if (shortage.isEmpty()) {
            return;
        }
        if (models.models().isEmpty()) {
            LOG.warn(shortage.get());
            return;
        }
        Optional<LoadedModel> old = loader.mayReplace() ? models.takeMain(due) : Optional.empty();
        if (old.isEmpty()) {
            throw new LoadException(shortage.get());
        }
        LOG.info(shortage.get() + "; freeing " + old.get().version().name() + " first");
        loader.free(old.get());
    }
}

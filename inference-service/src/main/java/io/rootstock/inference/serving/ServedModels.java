package io.rootstock.inference.serving;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.names.AliasName;
import io.rootstock.registry.v1.Version;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The table of served aliases. Versions are fetched concurrently and loaded one at a time, only the newest of each
 * alias. A loaded version replaces the previous one atomically, which is freed after its last request. A failed load
 * changes only the alias's status and is retried. After a restart, the versions that were served before are served
 * until the current ones are loaded.
 */
public final class ServedModels implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedModels.class.getName());
    /** Number of checks for due retries per retry interval: a retry is late by at most a tenth of the interval. */
    private static final int LOOKS = 10;

    private final ModelLoader loader;
    private final ServedFile file;
    private final ServingMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Entry> entries = new TreeMap<>();
    /** The version served last, by alias; kept while it is being replaced. */
    private final Map<String, ServedVersion> served = new HashMap<>();

    /** Held during a load: memory has room for one load at a time. */
    private final ReentrantLock loading = new ReentrantLock(true);

    private final Thread thread;
    private boolean closed;
    /** Whether the file matches {@link #served}. */
    private boolean written = true;

    /** Starts loading the versions of {@code served.json}. */
    ServedModels(ModelLoader loader, ServedFile file, ServingMetrics metrics) {
        this.loader = loader;
        this.file = file;
        this.metrics = metrics;
        file.read().forEach((alias, version) -> {
            entry(alias).resume(version);
            served.put(alias, version);
        });
        keep();
        this.thread = Thread.ofPlatform().name("model-loads").daemon().start(this::run);
    }

    /** Sets the version that an alias (models/{m}/aliases/{a}) points to, and its canary. Returns immediately. */
    void point(String alias, Version version, Optional<Canary> canary) {
        lock.lock();
        try {
            if (!closed) {
                if (entry(alias).point(version, canary)) {
                    metrics.swapped(model(alias));
                }
                save();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops serving all other aliases. */
    void keepOnly(Set<String> aliases) {
        lock.lock();
        try {
            entries.entrySet().removeIf(entry -> {
                if (aliases.contains(entry.getKey())) {
                    return false;
                }
                LOG.info(entry.getKey() + " is not in the registry, serving stopped");
                entry.getValue().stop();
                return true;
            });
            served.keySet().retainAll(aliases);
            save();
        } finally {
            lock.unlock();
        }
    }

    /** Leases the model of the alias's version; empty if none is loaded. Close the lease after use. */
    public Optional<LoadedModel.Lease> lease(String alias) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(alias)).flatMap(Entry::lease);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leases the model that answers a request: the alias's version, or its canary for the canary's percentage of the
     * request ids. A canary that is not loaded or was stopped after failures receives no requests.
     */
    public Optional<LoadedModel.Lease> lease(String alias, String requestId) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(alias)).flatMap(entry -> entry.lease(requestId));
        } finally {
            lock.unlock();
        }
    }

    /** Leases the canary that receives shadow copies of the alias's requests. */
    public Optional<LoadedModel.Lease> shadowLease(String alias) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(alias)).flatMap(Entry::shadowLease);
        } finally {
            lock.unlock();
        }
    }

    /** Status of every followed alias, sorted by name. */
    public List<AliasStatus> list() {
        lock.lock();
        try {
            return entries.entrySet().stream()
                    .map(entry -> entry.getValue().status(entry.getKey()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** All loaded models that accept requests. */
    public List<LoadedModel> models() {
        lock.lock();
        try {
            return entries.values().stream()
                    .flatMap(entry -> entry.tracks().stream())
                    .flatMap(track -> track.current().stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Requests being decoded or waiting, over all models. */
    public int requests() {
        return models().stream()
                .mapToInt(model -> model.activeRequests() + model.queuedRequests())
                .sum();
    }

    /** Stops loading, and frees each model after its last request. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            entries.values().forEach(Entry::stop);
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Optional<Due> due = nextDue(); due.isPresent(); due = nextDue()) {
            Due next = due.get();
            Thread.ofPlatform().name("model-loader").daemon().start(() -> load(next));
        }
    }

    /** A version that is due for loading. */
    private record Due(String alias, Track track, Wanted wanted) {}

    /** Waits for a version that is due for loading; empty once closed. */
    private Optional<Due> nextDue() {
        lock.lock();
        try {
            while (!closed) {
                for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                    for (Track track : entry.getValue().tracks()) {
                        Optional<Wanted> wanted = track.due();
                        if (wanted.isPresent()) {
                            track.begin();
                            return Optional.of(new Due(entry.getKey(), track, wanted.get()));
                        }
                    }
                }
                // Wakes periodically to retry failed loads.
                changed.awaitNanos(loader.retry().toNanos() / LOOKS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return Optional.empty();
    }

    private void load(Due due) {
        try {
            ServedVersion version = due.wanted().version();
            ModelFiles files = loader.fetch(version, () -> wanted(due));
            loader.loadFirst(version, files, () -> wanted(due));
            loading.lock();
            try {
                if (wanted(due)) {
                    load(due, version, files);
                }
            } finally {
                loading.unlock();
            }
        } catch (RuntimeException | Error e) {
            if (wanted(due)) {
                LOG.log(Level.WARNING, "cannot load " + due.wanted().name() + " for " + due.alias(), e);
                metrics.loadFailed(model(due.alias()));
                fail(due, e);
            }
        } finally {
            end(due);
        }
    }

    private void load(Due due, ServedVersion version, ModelFiles files) {
        makeRoom(due, version, files);
        LoadedModel model = loader.load(version, files);
        if (!install(due, model)) {
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
        if (models().isEmpty()) {
            LOG.warning(shortage.get());
            return;
        }
        Optional<LoadedModel> old = loader.mayReplace() ? takeMain(due) : Optional.empty();
        if (old.isEmpty()) {
            throw new LoadException(shortage.get());
        }
        LOG.info(shortage.get() + "; freeing " + old.get().version().name() + " first");
        loader.free(old.get());
    }

    /** Removes the version that a load replaces; empty if the load is a canary's. */
    private Optional<LoadedModel> takeMain(Due due) {
        lock.lock();
        try {
            Entry entry = entries.get(due.alias());
            return entry == null || entry.main() != due.track()
                    ? Optional.empty()
                    : due.track().makeRoom();
        } finally {
            lock.unlock();
        }
    }

    private boolean wanted(Due due) {
        lock.lock();
        try {
            Entry entry = entries.get(due.alias());
            return !closed
                    && entry != null
                    && entry.tracks().contains(due.track())
                    && due.track().wants(due.wanted());
        } finally {
            lock.unlock();
        }
    }

    /** Installs a loaded model; returns false if another version is wanted by now. */
    private boolean install(Due due, LoadedModel model) {
        lock.lock();
        try {
            if (!wanted(due)) {
                return false;
            }
            if (due.track().loaded(model)) {
                metrics.swapped(model(due.alias()));
            }
            save();
            LOG.info(due.alias() + " serves " + due.wanted().name());
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void fail(Due due, Throwable why) {
        lock.lock();
        try {
            due.wanted().failed(why);
        } finally {
            lock.unlock();
        }
    }

    private void end(Due due) {
        lock.lock();
        try {
            due.track().end();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static String model(String alias) {
        return AliasName.parse(alias).modelName();
    }

    private Entry entry(String alias) {
        return entries.computeIfAbsent(alias, _ -> new Entry(loader.variant(), loader.retry()));
    }

    private void save() {
        Map<String, ServedVersion> before = Map.copyOf(served);
        entries.forEach(
                (alias, entry) -> entry.main().current().ifPresent(model -> served.put(alias, model.version())));
        if (!written || !before.equals(served)) {
            write();
        }
        keep();
    }

    /** Saves the served versions; a full disk must not stop serving. */
    private void write() {
        try {
            file.write(served);
            written = true;
        } catch (UncheckedIOException e) {
            written = false;
            LOG.log(Level.WARNING, "cannot save the served versions for a restart without the registry", e);
        }
    }

    /** Keeps the files of loaded and last served versions in the cache. */
    private void keep() {
        Set<ServedVersion> versions = new HashSet<>(served.values());
        models().forEach(model -> versions.add(model.version()));
        loader.keep(versions);
    }
}

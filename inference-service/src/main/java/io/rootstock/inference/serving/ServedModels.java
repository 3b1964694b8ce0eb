package io.rootstock.inference.serving;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.names.AliasName;
import io.rootstock.registry.v1.Version;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The table of served aliases. A loaded version replaces the previous one atomically, which is freed after its last
 * request. {@link LoadScheduler} loads the versions that are due. After a restart, the versions that were served before
 * are served until the current ones are loaded.
 */
public final class ServedModels implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedModels.class);
    /** Number of checks for due retries per retry interval: a retry is late by at most a tenth of the interval. */
    private static final int CHECKS = 10;

    private final ModelLoader loader;
    private final ServingMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Entry> entries = new TreeMap<>();
    private final LastServed served;
    private final LoadScheduler scheduler;
    private final Readiness readiness = new Readiness();
    private boolean closed;

    /**
     * Starts loading the versions of {@code served.json}.
     *
     * @param file the file; empty: the served versions are not stored
     */
    ServedModels(ModelLoader loader, Optional<ServedFile> file, ServingMetrics metrics) {
        this.loader = loader;
        this.metrics = metrics;
        this.served = new LastServed(file);
        served.versions().forEach((alias, version) -> entry(alias).resume(version));
        if (!entries.isEmpty()) {
            readiness.resume();
        }
        keep();
        this.scheduler = new LoadScheduler(this, loader, metrics);
    }

    /** The version that each alias served last. */
    Map<String, ServedVersion> lastServed() {
        return locked(() -> Map.copyOf(served.versions()));
    }

    /**
     * Serves these versions, as after a restart, until the registry names the current ones.
     *
     * @return whether they are served: there are some, and neither the registry nor an earlier start has named any
     */
    boolean resume(Map<String, ServedVersion> versions) {
        lock.lock();
        try {
            if (closed || versions.isEmpty() || !entries.isEmpty() || readiness.isSynchronized()) {
                return false;
            }
            versions.forEach((alias, version) -> entry(alias).resume(version));
            served.update(versions);
            keep();
            readiness.resume();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
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

    /**
     * Sets a version that cannot be served as the version of an alias.
     *
     * @param reason error of each load
     */
    void refuse(String alias, String version, LoadException reason) {
        lock.lock();
        try {
            if (!closed) {
                entry(alias).refuse(version, reason);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records that the registry has named every alias, and stops serving all others.
     *
     * @param aliases the existing aliases
     */
    void synchronize(Set<String> aliases) {
        lock.lock();
        try {
            keepOnly(aliases);
            readiness.synchronize();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the registry has named every alias once. */
    boolean isSynchronized() {
        return locked(() -> readiness.isSynchronized());
    }

    /** Whether requests can be answered ({@link Readiness#check}). */
    boolean ready() {
        return locked(() -> readiness.check(entries.values()));
    }

    /** Whether an alias has a loaded version. */
    boolean isAnyLoaded() {
        return locked(() -> Readiness.isAnyLoaded(entries.values()));
    }

    private void keepOnly(Set<String> aliases) {
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
            served.retain(aliases);
            save();
        } finally {
            lock.unlock();
        }
    }

    /** Stops serving an alias that was deleted. */
    void remove(String alias) {
        lock.lock();
        try {
            Set<String> others = new HashSet<>(entries.keySet());
            others.remove(alias);
            keepOnly(others);
        } finally {
            lock.unlock();
        }
    }

    /** Leases the model of the alias's version; empty if none is loaded. Close the lease after use. */
    public Optional<ModelLease> lease(String alias) {
        return locked(() -> Optional.ofNullable(entries.get(alias)).flatMap(Entry::lease));
    }

    /**
     * Leases the model that answers a request: the alias's version, or its canary for the canary's percentage of the
     * request ids. A canary that is not loaded or was stopped after failures receives no requests.
     */
    public Optional<ModelLease> lease(String alias, String requestId) {
        return locked(() -> Optional.ofNullable(entries.get(alias)).flatMap(entry -> entry.lease(requestId)));
    }

    /** Leases a version by its name, models/{m}/versions/{n}, if it serves as the alias's version or as its canary. */
    public Optional<ModelLease> leaseVersion(String alias, String version) {
        return locked(() -> Optional.ofNullable(entries.get(alias)).flatMap(entry -> entry.leaseVersion(version)));
    }

    /** Leases the canary that receives shadow copies of the alias's requests. */
    public Optional<ModelLease> shadowLease(String alias) {
        return locked(() -> Optional.ofNullable(entries.get(alias)).flatMap(Entry::shadowLease));
    }

    /** Status of every followed alias, sorted by name. */
    public List<AliasStatus> list() {
        return locked(() -> entries.entrySet().stream()
                .map(entry -> entry.getValue().status(entry.getKey()))
                .toList());
    }

    /** The canaries that the registry analyses. */
    List<AnalysedCanary> analysedCanaries() {
        return locked(() -> entries.entrySet().stream()
                .flatMap(entry -> entry.getValue().analysed(entry.getKey()).stream())
                .toList());
    }

    /** All loaded models that accept requests. */
    public List<LoadedModel> models() {
        return locked(() -> entries.values().stream()
                .flatMap(entry -> entry.tracks().stream())
                .flatMap(track -> track.current().stream())
                .toList());
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
        scheduler.awaitEnd();
        lock.lock();
        try {
            entries.values().forEach(Entry::stop);
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** A version that is due for loading. */
    record Due(String alias, Track track, WantedVersion wanted) {}

    /** Waits for a version that is due for loading; empty once closed. */
    Optional<Due> nextDue() {
        lock.lock();
        try {
            while (!closed) {
                for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                    for (Track track : entry.getValue().tracks()) {
                        Optional<WantedVersion> wanted = track.due();
                        if (wanted.isPresent()) {
                            track.begin();
                            return Optional.of(new Due(entry.getKey(), track, wanted.get()));
                        }
                    }
                }
                // Wakes periodically to retry failed loads.
                changed.awaitNanos(loader.retry().toNanos() / CHECKS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return Optional.empty();
    }

    /** Removes the version that a load replaces; empty if the load is a canary's. */
    Optional<LoadedModel> takeMain(Due due) {
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

    /** Whether this version is still to be loaded. */
    boolean wanted(Due due) {
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
    boolean install(Due due, LoadedModel model) {
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

    /** Records that a load failed. */
    void fail(Due due, Throwable why) {
        lock.lock();
        try {
            due.wanted().failed(why);
        } finally {
            lock.unlock();
        }
    }

    /** Records that a load has ended, in any way. */
    void end(Due due) {
        lock.lock();
        try {
            due.track().end();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Maps models/{m}/aliases/{a} to models/{m}. */
    static String model(String alias) {
        return AliasName.parse(alias).modelName();
    }

    private Entry entry(String alias) {
        return entries.computeIfAbsent(alias, _ -> new Entry(loader.variant(), loader.retry()));
    }

    /** Stores the served versions, and keeps their files in the cache. */
    private void save() {
        Map<String, ServedVersion> current = new HashMap<>();
        entries.forEach(
                (alias, entry) -> entry.main().current().ifPresent(model -> current.put(alias, model.version())));
        served.update(current);
        keep();
    }

    /** Keeps the files of loaded and last served versions in the cache. */
    private void keep() {
        Set<ServedVersion> versions = new HashSet<>(served.versions().values());
        models().forEach(model -> versions.add(model.version()));
        loader.keep(versions);
    }
}

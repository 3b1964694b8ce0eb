package io.rootstock.inference.serving;

import io.rootstock.inference.metrics.ServingMetrics;
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
 * The table of served aliases. Versions are fetched side by side, loaded one after the other, and only the newest that an
 * alias asks for; a loaded version takes the place of the one before in one step, which is freed when its last request has
 * ended. A load that fails changes nothing but the alias's status, and is tried again after a while. What was served last
 * before a restart is served again until what the alias points to by now is loaded.
 */
public final class ServedModels implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedModels.class.getName());
    /** Looks for loads to be tried again in a time to retry: a retry is late by a tenth of it at most. */
    private static final int LOOKS = 10;

    private final ModelLoader loader;
    private final ServedFile file;
    private final ServingMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Entry> entries = new TreeMap<>();
    /** What was served last, of every alias: also while it is being replaced. */
    private final Map<String, ServedVersion> served = new HashMap<>();

    /** Memory has room for one load at a time. */
    private final ReentrantLock loading = new ReentrantLock(true);

    private final Thread thread;
    private boolean closed;
    /** Whether the file holds what was served last. */
    private boolean written = true;

    /** Starts loading what {@code served.json} says was served last. */
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

    /** Lets an alias (models/{m}/aliases/{a}) point at a version from now on, with one on trial or none. Returns at once. */
    void point(String alias, Version version, Optional<Trial> trial) {
        lock.lock();
        try {
            if (!closed) {
                if (entry(alias).point(version, trial)) {
                    metrics.swapped(model(alias));
                }
                save();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops serving every alias but these. */
    void keepOnly(Set<String> aliases) {
        lock.lock();
        try {
            entries.entrySet().removeIf(entry -> {
                if (aliases.contains(entry.getKey())) {
                    return false;
                }
                LOG.info("the registry knows no " + entry.getKey() + ", it is served no longer");
                entry.getValue().stop();
                return true;
            });
            served.keySet().retainAll(aliases);
            save();
        } finally {
            lock.unlock();
        }
    }

    /** The model that an alias points to; none where nothing is loaded. Close the lease when done. */
    public Optional<LoadedModel.Lease> lease(String alias) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(alias)).flatMap(Entry::lease);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The model that answers a request: the one that the alias points to, or the one on trial beside it for its share of
     * the request ids. One that is not loaded, or whose requests fail, gets none.
     */
    public Optional<LoadedModel.Lease> lease(String alias, String requestId) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(alias)).flatMap(entry -> entry.lease(requestId));
        } finally {
            lock.unlock();
        }
    }

    /** The model that gets copies of the alias's requests. */
    public Optional<LoadedModel.Lease> shadowLease(String alias) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(alias)).flatMap(Entry::shadowLease);
        } finally {
            lock.unlock();
        }
    }

    /** Every followed alias, in order of name. */
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

    /** Every model in memory that takes requests. */
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

    /** Requests being decoded or waiting, of all models. */
    public int requests() {
        return models().stream()
                .mapToInt(model -> model.activeRequests() + model.queuedRequests())
                .sum();
    }

    /** Stops loading and frees all models; each when its last request has ended. */
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

    /** A version that has to be loaded. */
    private record Due(String alias, Track track, Wanted wanted) {}

    /** Waits for a version that has to be loaded; none once closed. */
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
                // Also wakes by itself, for loads to be tried again.
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

    /** Where memory is short and the policy is to replace, the version before is freed first; it comes back on a failure. */
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

    /** The model that serves where another is to be loaded; none where that is only a trial. */
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

    /** False where something else is wanted by now. */
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
        return alias.substring(0, alias.indexOf("/aliases/"));
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

    /** A full disk is no reason not to serve. */
    private void write() {
        try {
            file.write(served);
            written = true;
        } catch (UncheckedIOException e) {
            written = false;
            LOG.log(Level.WARNING, "a restart without the registry will not find what is served now", e);
        }
    }

    /** What serves, was served last or is on trial must stay in the cache. */
    private void keep() {
        Set<ServedVersion> versions = new HashSet<>(served.values());
        models().forEach(model -> versions.add(model.version()));
        loader.keep(versions);
    }
}

package io.rootstock.inference.serving;

import io.rootstock.inference.serving.AliasStatus.State;
import io.rootstock.registry.v1.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The table of served aliases. One thread loads, one version after the other, and only the newest that an alias asks for;
 * a loaded version takes the place of the one before in one step, which is freed when its last request has ended. A load
 * that fails changes nothing but the alias's status, and is tried again after a minute.
 */
public final class ServedModels implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServedModels.class.getName());
    private static final long RETRY_NANOSECONDS = TimeUnit.SECONDS.toNanos(60);

    private final ModelLoader loader;
    private final ServedFile file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Thread thread;
    private boolean closed;

    /** Starts loading what {@code served.json} says was served last. */
    ServedModels(ModelLoader loader, ServedFile file) {
        this.loader = loader;
        this.file = file;
        file.read().forEach((alias, version) -> entry(alias).want(new Wanted(version.name(), () -> version)));
        this.thread = Thread.ofPlatform().name("model-loader").daemon().start(this::run);
    }

    /** Lets an alias (models/{m}/aliases/{a}) point at a version from now on. Returns at once. */
    void point(String alias, Version version) {
        lock.lock();
        try {
            if (!closed) {
                entry(alias).want(new Wanted(version.getName(), () -> ServedVersion.of(version, loader.variant())));
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
                entry.getValue().swap(null);
                return true;
            });
            save();
        } finally {
            lock.unlock();
        }
    }

    /** The model that an alias serves now; none where nothing is loaded. Close the lease when done. */
    public Optional<LoadedModel.Lease> lease(String alias) {
        lock.lock();
        try {
            Entry entry = entries.get(alias);
            return entry == null || entry.current == null ? Optional.empty() : entry.current.lease();
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

    /** Requests being decoded or waiting, of all models. */
    public int requests() {
        return list().stream()
                .mapToInt(status -> status.activeRequests() + status.queuedRequests())
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
            entries.values().forEach(entry -> entry.swap(null));
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Optional<String> alias = nextDue(); alias.isPresent(); alias = nextDue()) {
            load(alias.get());
        }
    }

    /** Waits for an alias that needs a load; none once closed. */
    private Optional<String> nextDue() {
        lock.lock();
        try {
            while (!closed) {
                for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                    if (entry.getValue().due()) {
                        return Optional.of(entry.getKey());
                    }
                }
                // Also wakes by itself, for loads to be tried again.
                changed.awaitNanos(RETRY_NANOSECONDS / 10);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return Optional.empty();
    }

    private void load(String alias) {
        Wanted wanted;
        lock.lock();
        try {
            Entry entry = entries.get(alias);
            if (entry == null) {
                return;
            }
            wanted = entry.wanted;
        } finally {
            lock.unlock();
        }
        try {
            LoadedModel model = loader.load(wanted.version().get());
            if (!install(alias, wanted, model)) {
                model.retire();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "cannot load " + wanted.name() + " for " + alias, e);
            fail(alias, wanted, e);
        }
    }

    /** False where the alias points elsewhere by now. */
    private boolean install(String alias, Wanted wanted, LoadedModel model) {
        lock.lock();
        try {
            Entry entry = entries.get(alias);
            if (closed || entry == null || !wanted.equals(entry.wanted)) {
                return false;
            }
            entry.swap(model);
            entry.error = "";
            save();
            LOG.info(alias + " serves " + wanted.name());
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void fail(String alias, Wanted wanted, RuntimeException why) {
        lock.lock();
        try {
            Entry entry = entries.get(alias);
            if (entry != null && wanted.equals(entry.wanted)) {
                entry.error = why.getMessage() == null ? why.toString() : why.getMessage();
                entry.failedAt = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    private Entry entry(String alias) {
        return entries.computeIfAbsent(alias, _ -> new Entry());
    }

    private void save() {
        Map<String, ServedVersion> served = new TreeMap<>();
        entries.forEach((alias, entry) -> {
            if (entry.current != null) {
                served.put(alias, entry.current.version());
            }
        });
        file.write(served);
    }

    /** A version that an alias points to, read when it is loaded so that what is wrong with it is a failed load. */
    private record Wanted(String name, Supplier<ServedVersion> version) {}

    /** What is known of one alias; guarded by the lock. */
    private static final class Entry {
        private LoadedModel current;
        private Wanted wanted;
        private String error = "";
        private long failedAt;

        void want(Wanted version) {
            if (wanted == null || !wanted.name().equals(version.name())) {
                wanted = version;
                error = "";
            }
        }

        void swap(LoadedModel next) {
            LoadedModel before = current;
            current = next;
            if (before != null) {
                // Freeing waits for native work, which must not hold up the table.
                Thread.ofPlatform().name("model-unloader").start(before::retire);
            }
        }

        boolean settled() {
            return current != null && current.version().name().equals(wanted.name());
        }

        boolean due() {
            return !settled() && (error.isEmpty() || System.nanoTime() - failedAt > RETRY_NANOSECONDS);
        }

        AliasStatus status(String alias) {
            State state;
            if (settled()) {
                state = State.READY;
            } else if (!error.isEmpty()) {
                state = State.LOAD_FAILED;
            } else {
                state = current == null ? State.LOADING : State.SWAPPING;
            }
            return new AliasStatus(
                    alias,
                    current == null ? "" : current.version().name(),
                    current == null ? "" : current.version().kind().label(),
                    state,
                    settled() ? "" : wanted.name(),
                    error,
                    current == null ? 0 : current.activeRequests(),
                    current == null ? 0 : current.queuedRequests());
        }
    }
}

package io.rootstock.inference.engine.adapter;

import io.rootstock.inference.engine.EngineException;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.LoadedAdapter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The low-rank adapters that are loaded for a model, by name. Their number is bounded: loading another one evicts the
 * least recently used adapter that is neither pinned nor in use. Thread-safe.
 */
public final class Adapters {
    private final LlamaModel model;
    private final int most;
    private final Consumer<LoadedAdapter> free;
    private final Map<String, Entry> entries = new TreeMap<>();
    /** Adapters that are not freed yet, including unloaded ones that are still in use. */
    private final Set<LoadedAdapter> alive = new HashSet<>();

    private long uses;
    private boolean closed;

    /**
     * Creates an empty set of adapters.
     *
     * @param most maximum number of loaded adapters
     * @param free called with an adapter that is unloaded and has no lease
     */
    public Adapters(LlamaModel model, int most, Consumer<LoadedAdapter> free) {
        this.model = model;
        this.most = most;
        this.free = free;
    }

    private static final class Entry {
        private final String digest;
        private final LoadedAdapter adapter;
        private boolean pinned;
        private boolean unloaded;
        private int leases;
        private long lastUse;

        private Entry(String digest, LoadedAdapter adapter) {
            this.digest = digest;
            this.adapter = adapter;
        }
    }

    /**
     * A loaded adapter.
     *
     * @param name its name in requests
     * @param digest digest of its file
     * @param pinned whether it is exempt from eviction
     * @param activeRequests running requests that use it
     */
    public record Info(String name, String digest, boolean pinned, int activeRequests) {}

    /** A lease of an adapter; the adapter stays in memory until the lease is closed. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean over;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        public LoadedAdapter adapter() {
            return entry.adapter;
        }

        @Override
        public void close() {
            synchronized (Adapters.this) {
                if (!over) {
                    over = true;
                    entry.leases--;
                    freeIfUnused(entry);
                }
            }
        }
    }

    /**
     * Loads an adapter under a name. If the name already has an adapter of this digest, only its pin is set. If it has
     * an adapter of another digest, the name moves to the new one, and the old one is freed after its last request.
     * Validate the file before.
     *
     * @throws EngineException ADAPTERS_FULL if no adapter can be evicted
     * @throws io.rootstock.llama.LlamaException if the file does not fit the model
     */
    public synchronized Info load(String name, String digest, Path gguf, boolean pinned) {
        if (closed) {
            throw EngineException.closed();
        }
        Entry present = entries.get(name);
        if (present != null && present.digest.equals(digest)) {
            present.pinned = pinned;
            return info(name, present);
        }
        if (present == null) {
            makeRoom();
        }
        Entry entry = new Entry(digest, model.loadAdapter(gguf));
        alive.add(entry.adapter);
        entry.pinned = pinned;
        entry.lastUse = ++uses;
        if (present != null) {
            drop(present);
        }
        entries.put(name, entry);
        return info(name, entry);
    }

    /** Acquires a lease of an adapter; empty if no adapter is loaded under the name. */
    public synchronized Optional<Lease> acquire(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        entry.leases++;
        entry.lastUse = ++uses;
        return Optional.of(new Lease(entry));
    }

    /** Unloads an adapter; it is freed after its last request. Returns false if no adapter is loaded under the name. */
    public synchronized boolean unload(String name) {
        Entry entry = entries.remove(name);
        if (entry == null) {
            return false;
        }
        drop(entry);
        return true;
    }

    /** The loaded adapters, sorted by name. */
    public synchronized List<Info> list() {
        return entries.entrySet().stream()
                .map(entry -> info(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Frees all adapters, also those in use, and rejects further loads. Call it after the last decode. */
    public synchronized void close() {
        closed = true;
        entries.clear();
        alive.forEach(LoadedAdapter::close);
        alive.clear();
    }

    private void makeRoom() {
        if (entries.size() < most) {
            return;
        }
        String oldest = entries.entrySet().stream()
                .filter(entry -> !entry.getValue().pinned && entry.getValue().leases == 0)
                .min(Comparator.comparingLong(entry -> entry.getValue().lastUse))
                .orElseThrow(() -> EngineException.adaptersFull(most))
                .getKey();
        drop(entries.remove(oldest));
    }

    private void drop(Entry entry) {
        entry.unloaded = true;
        freeIfUnused(entry);
    }

    private void freeIfUnused(Entry entry) {
        if (entry.unloaded && entry.leases == 0 && alive.remove(entry.adapter)) {
            free.accept(entry.adapter);
        }
    }

    private static Info info(String name, Entry entry) {
        return new Info(name, entry.digest, entry.pinned, entry.leases);
    }
}

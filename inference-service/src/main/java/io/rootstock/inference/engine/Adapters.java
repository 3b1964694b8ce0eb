package io.rootstock.inference.engine;

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
 * The low-rank adapters that are loaded for a model, by name: a bounded number, where the least recently used one that is
 * neither pinned nor in use makes room for another. Safe for use by several threads.
 */
public final class Adapters {
    private final LlamaModel model;
    private final int most;
    private final Consumer<LoadedAdapter> free;
    private final Map<String, Entry> entries = new TreeMap<>();
    /** All that are not freed, those that were unloaded and are still in use included. */
    private final Set<LoadedAdapter> alive = new HashSet<>();

    private long uses;
    private boolean closed;

    /**
     * @param most how many may be loaded
     * @param free frees one that nobody uses any more
     */
    Adapters(LlamaModel model, int most, Consumer<LoadedAdapter> free) {
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
     * @param name what requests call it
     * @param digest of its file
     * @param pinned whether it is never dropped to make room
     * @param activeRequests requests that use it now
     */
    public record Info(String name, String digest, boolean pinned, int activeRequests) {}

    /** A right to use an adapter; it stays in memory until this is closed. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean over;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        /** The adapter. */
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
     * Loads an adapter under a name. Where the name has the same digest already, only its pin is set; another digest takes
     * the name over, and the old adapter goes with its last request. Validate the file before.
     *
     * @throws AdaptersFullException where none can make room
     * @throws io.rootstock.llama.LlamaException where the file does not fit the model
     */
    public synchronized Info load(String name, String digest, Path gguf, boolean pinned) {
        if (closed) {
            throw new EngineClosedException();
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

    /** A lease of an adapter; none where none is loaded under the name. */
    public synchronized Optional<Lease> acquire(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        entry.leases++;
        entry.lastUse = ++uses;
        return Optional.of(new Lease(entry));
    }

    /** Forgets an adapter; it is freed with its last request. False where none is loaded under the name. */
    public synchronized boolean unload(String name) {
        Entry entry = entries.remove(name);
        if (entry == null) {
            return false;
        }
        drop(entry);
        return true;
    }

    /** The loaded adapters in order of name. */
    public synchronized List<Info> list() {
        return entries.entrySet().stream()
                .map(entry -> info(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Frees all, in use or not, and takes no more: for when nothing is decoded any more. */
    synchronized void close() {
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
                .orElseThrow(() -> new AdaptersFullException(most))
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

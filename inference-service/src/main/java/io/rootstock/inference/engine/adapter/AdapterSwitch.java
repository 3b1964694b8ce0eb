package io.rootstock.inference.engine.adapter;

import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LoadedAdapter;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Selects the adapter that the context decodes with, and frees adapters once no live job uses them. Engine thread only.
 */
public final class AdapterSwitch {
    private final LlamaContext context;
    private final Queue<LoadedAdapter> unused = new ConcurrentLinkedQueue<>();
    private Optional<AdapterUse> current = Optional.empty();

    public AdapterSwitch(LlamaContext context) {
        this.context = context;
    }

    /** Queues an adapter that new requests can no longer acquire; {@link #free} closes it. Thread-safe. */
    public void add(LoadedAdapter adapter) {
        unused.add(adapter);
    }

    public boolean isEmpty() {
        return unused.isEmpty();
    }

    /** Applies this adapter, or none, to the decodes that follow. */
    public void use(Optional<AdapterUse> wanted) {
        if (!current.equals(wanted)) {
            wanted.ifPresentOrElse(use -> context.use(use.adapter(), use.scale()), context::useNone);
            current = wanted;
        }
    }

    /**
     * Frees the queued adapters that no live job uses.
     *
     * @param live the adapters of all live jobs, evaluated once for each queued adapter
     */
    public void free(Supplier<Stream<Optional<AdapterUse>>> live) {
        for (Iterator<LoadedAdapter> each = unused.iterator(); each.hasNext(); ) {
            LoadedAdapter adapter = each.next();
            if (live.get().noneMatch(use -> uses(use, adapter))) {
                if (uses(current, adapter)) {
                    use(Optional.empty());
                }
                adapter.close();
                each.remove();
            }
        }
    }

    /** Frees all queued adapters; the context must be closed. */
    public void freeAll() {
        for (LoadedAdapter adapter = unused.poll(); adapter != null; adapter = unused.poll()) {
            adapter.close();
        }
    }

    private static boolean uses(Optional<AdapterUse> use, LoadedAdapter adapter) {
        return use.isPresent() && use.get().adapter() == adapter;
    }
}

package io.rootstock.inference.engine.kvcache;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.llama.LlamaContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The prompt cache: KV cache cells of conversations that lost their sequence, in a bounded amount of host memory; the
 * least recently used entries are evicted. Engine thread only.
 */
final class PromptCache implements AutoCloseable {
    private final LlamaContext context;
    private final long capacity;
    /** Entries, least recently used first. */
    private final Deque<Entry> entries = new ArrayDeque<>();

    private long bytes;

    PromptCache(LlamaContext context, long capacity) {
        this.context = context;
        this.capacity = capacity;
    }

    /** One entry: the tokens of a conversation, the adapter they were decoded with, and their cells. */
    static final class Entry {
        private final int[] tokens;
        private final Optional<AdapterUse> adapter;
        private final Arena arena;
        private final MemorySegment state;

        private Entry(int[] tokens, Optional<AdapterUse> adapter, Arena arena, MemorySegment state) {
            this.tokens = tokens;
            this.adapter = adapter;
            this.arena = arena;
            this.state = state;
        }

        int[] tokens() {
            return tokens;
        }

        int common(int[] prompt, Optional<AdapterUse> use, int most) {
            return adapter.equals(use) ? Sequence.common(tokens, tokens.length, prompt, most) : 0;
        }
    }

    /** Stores a sequence's cells, unless they exceed the capacity or are a prefix of an entry. */
    void save(Sequence sequence) {
        int[] tokens = Arrays.copyOf(sequence.tokens(), sequence.length());
        for (Entry entry : entries) {
            if (entry.common(tokens, sequence.adapter(), tokens.length) == tokens.length) {
                return;
            }
        }
        long size = context.stateSize(sequence.id());
        if (size > capacity) {
            return;
        }
        entries.removeIf(entry -> {
            // Replace a shorter entry of the same conversation.
            if (entry.tokens.length < tokens.length
                    && entry.common(tokens, sequence.adapter(), tokens.length) == entry.tokens.length) {
                forget(entry);
                return true;
            }
            return false;
        });
        while (bytes + size > capacity) {
            forget(entries.removeFirst());
        }
        Arena arena = Arena.ofConfined();
        entries.addLast(new Entry(tokens, sequence.adapter(), arena, context.save(sequence.id(), arena)));
        bytes += size;
    }

    /** The entry with the longest common prefix with a prompt; empty if no entry has one. */
    Optional<Entry> best(int[] prompt, Optional<AdapterUse> adapter, int most) {
        Entry best = null;
        int longest = 0;
        for (Entry entry : entries) {
            int common = entry.common(prompt, adapter, most);
            if (common > longest) {
                longest = common;
                best = entry;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Removes an entry, so that it cannot be evicted before {@link #restore}. */
    void take(Entry entry) {
        entries.remove(entry);
        bytes -= entry.state.byteSize();
    }

    /**
     * Restores a removed entry into a sequence. The entry is kept only if it is longer than the common prefix of
     * {@code common} tokens, and there is room.
     */
    void restore(Entry taken, Sequence sequence, int common) {
        context.restore(taken.state, sequence.id());
        sequence.hold(taken.tokens, taken.tokens.length, taken.adapter);
        if (common < taken.tokens.length && bytes + taken.state.byteSize() <= capacity) {
            entries.addLast(taken);
            bytes += taken.state.byteSize();
        } else {
            taken.arena.close();
        }
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            forget(each.next());
            each.remove();
        }
    }

    private void forget(Entry entry) {
        bytes -= entry.state.byteSize();
        entry.arena.close();
    }
}

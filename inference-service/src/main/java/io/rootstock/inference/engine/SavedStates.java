package io.rootstock.inference.engine;

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
final class SavedStates implements AutoCloseable {
    private final LlamaContext context;
    private final long capacity;
    /** Entries, least recently used first. */
    private final Deque<Saved> states = new ArrayDeque<>();

    private long bytes;

    SavedStates(LlamaContext context, long capacity) {
        this.context = context;
        this.capacity = capacity;
    }

    /** One entry: the tokens of a conversation, the adapter they were decoded with, and their cells. */
    static final class Saved {
        private final int[] tokens;
        private final Optional<AdapterUse> adapter;
        private final Arena arena;
        private final MemorySegment state;

        private Saved(int[] tokens, Optional<AdapterUse> adapter, Arena arena, MemorySegment state) {
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
        for (Saved saved : states) {
            if (saved.common(tokens, sequence.adapter(), tokens.length) == tokens.length) {
                return;
            }
        }
        long size = context.stateSize(sequence.id());
        if (size > capacity) {
            return;
        }
        states.removeIf(saved -> {
            // Replace a shorter entry of the same conversation.
            if (saved.tokens.length < tokens.length
                    && saved.common(tokens, sequence.adapter(), tokens.length) == saved.tokens.length) {
                forget(saved);
                return true;
            }
            return false;
        });
        while (bytes + size > capacity) {
            forget(states.removeFirst());
        }
        Arena arena = Arena.ofConfined();
        states.addLast(new Saved(tokens, sequence.adapter(), arena, context.save(sequence.id(), arena)));
        bytes += size;
    }

    /** The entry with the longest common prefix with a prompt; empty if no entry has one. */
    Optional<Saved> best(int[] prompt, Optional<AdapterUse> adapter, int most) {
        Saved best = null;
        int longest = 0;
        for (Saved saved : states) {
            int common = saved.common(prompt, adapter, most);
            if (common > longest) {
                longest = common;
                best = saved;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Removes an entry, so that it cannot be evicted before {@link #restore}. */
    void take(Saved saved) {
        states.remove(saved);
        bytes -= saved.state.byteSize();
    }

    /**
     * Restores a removed entry into a sequence. The entry is kept only if it is longer than the common prefix of
     * {@code common} tokens, and there is room.
     */
    void restore(Saved taken, Sequence sequence, int common) {
        context.restore(taken.state, sequence.id());
        sequence.hold(taken.tokens, taken.tokens.length, taken.adapter);
        if (common < taken.tokens.length && bytes + taken.state.byteSize() <= capacity) {
            states.addLast(taken);
            bytes += taken.state.byteSize();
        } else {
            taken.arena.close();
        }
    }

    int size() {
        return states.size();
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        for (Iterator<Saved> each = states.iterator(); each.hasNext(); ) {
            forget(each.next());
            each.remove();
        }
    }

    private void forget(Saved saved) {
        bytes -= saved.state.byteSize();
        saved.arena.close();
    }
}

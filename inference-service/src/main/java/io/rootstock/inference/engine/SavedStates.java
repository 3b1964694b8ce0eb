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
 * States of conversations that lost their sequence, in a bounded amount of host memory; the least recently used go first.
 * Engine thread only.
 */
final class SavedStates implements AutoCloseable {
    private final LlamaContext context;
    private final long capacity;
    /** Least recently used first. */
    private final Deque<Saved> states = new ArrayDeque<>();

    private long bytes;

    SavedStates(LlamaContext context, long capacity) {
        this.context = context;
        this.capacity = capacity;
    }

    /** A conversation: its tokens, the adapter it was read with, its cells. */
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

    /** Keeps a sequence's state, unless it is larger than all the memory or already the beginning of one that is kept. */
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
            // A shorter state of the same conversation.
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

    /** The state that has most in common with a prompt; none where nothing has. */
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

    /** Takes a state out, so that nothing else makes it go. */
    void take(Saved saved) {
        states.remove(saved);
        bytes -= saved.state.byteSize();
    }

    /**
     * Puts a state that was taken out into a sequence. It is kept on only where the sequence goes another way after so many
     * tokens, and there is room.
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

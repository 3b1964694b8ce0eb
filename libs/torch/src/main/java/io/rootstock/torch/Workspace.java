package io.rootstock.torch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Memory of a thread's tensors, kept when they are closed and used again for the next of about their size. While it is
 * entered, {@link Tensor#empty} takes from it. The C library's allocator needs up to twice the memory for the changing
 * sizes of a training step, or a page fault for every page of every tensor.
 *
 * <p>A tensor's memory is used again once that tensor is closed: views of it must not be read after that.
 */
public final class Workspace implements AutoCloseable {
    private static final ThreadLocal<Workspace> ENTERED = new ThreadLocal<>();

    /** Smaller tensors are left to the C library; on a GPU none are, so that a step's addresses are always the same. */
    private static final long LEAST_BYTES = 64 << 10;

    /** Tensor memory for reuse, and the round that used it last. */
    static final class Block {
        private final Workspace owner;
        private final Tensor memory;
        private final DType type;
        private final long elements;
        private long lastUsed;

        private Block(Workspace owner, DType type, long elements) {
            this.owner = owner;
            this.memory = Tensor.unowned(type, elements);
            this.type = type;
            this.elements = elements;
        }

        Tensor memory() {
            return memory;
        }

        void giveBack() {
            owner.free(type).computeIfAbsent(elements, _ -> new ArrayDeque<>()).push(this);
        }
    }

    private final Map<DType, NavigableMap<Long, Deque<Block>>> free = new EnumMap<>(DType.class);
    private long round;
    private long entered;
    private boolean kept;
    private boolean sealed;

    /** Makes this thread's new tensors of this memory, until {@link #leave}. */
    public void enter() {
        ENTERED.set(this);
        round++;
        entered = round;
    }

    /**
     * Begins another piece of work on this thread: memory that only pieces of other sizes have used gives way to this
     * one's, so that pieces of several sizes do not add up. Nothing is freed that fits.
     */
    public void next() {
        round++;
    }

    /** Ends what {@link #enter} began, and frees memory that nothing was made of since, unless all is kept. */
    public void leave() {
        ENTERED.remove();
        if (!kept) {
            forget(entered);
        }
    }

    /** From now on no memory is freed before the end: something outside Java knows its addresses. */
    public void keep() {
        kept = true;
    }

    /**
     * Refuses tensors that would need new memory, while work is taken down that must find its memory as it was.
     *
     * @param sealed whether to refuse
     */
    public void seal(boolean sealed) {
        this.sealed = sealed;
    }

    /** The one that this thread has entered, or null. */
    static Workspace entered() {
        return ENTERED.get();
    }

    /** Memory for at least this many elements and at most a quarter more, or null if they are few. */
    Block take(DType type, long elements) {
        if (elements * type.bytes() < LEAST_BYTES && Torch.device().type() == Device.Type.CPU) {
            return null;
        }
        Map.Entry<Long, Deque<Block>> fitting = free(type).ceilingEntry(elements);
        Block block;
        if (fitting != null && fitting.getKey() <= elements + elements / 4) {
            block = fitting.getValue().pop();
            if (fitting.getValue().isEmpty()) {
                free(type).remove(fitting.getKey());
            }
        } else if (sealed) {
            throw new IllegalStateException("a tensor of " + elements + " " + type
                    + " values needs memory that there was none of when this work was done before");
        } else {
            makeRoom(elements * type.bytes());
            block = new Block(this, type, elements);
        }
        block.lastUsed = round;
        return block;
    }

    /** Frees all that is not in use. */
    @Override
    public void close() {
        forget(Long.MAX_VALUE);
    }

    /**
     * Frees as much as is about to be taken, of what this round has not used: so that batches of changing sizes do not add
     * up, and those of one size free nothing.
     */
    private void makeRoom(long bytes) {
        long freed = 0;
        for (NavigableMap<Long, Deque<Block>> sizes : free.values()) {
            for (Iterator<Deque<Block>> all = sizes.values().iterator(); all.hasNext(); ) {
                Deque<Block> blocks = all.next();
                while (freed < bytes && !blocks.isEmpty() && blocks.peekLast().lastUsed < round) {
                    Block old = blocks.removeLast();
                    freed += old.elements * old.type.bytes();
                    old.memory.close();
                }
                if (blocks.isEmpty()) {
                    all.remove();
                }
            }
        }
    }

    private void forget(long usedBefore) {
        for (NavigableMap<Long, Deque<Block>> sizes : free.values()) {
            for (Iterator<Deque<Block>> all = sizes.values().iterator(); all.hasNext(); ) {
                Deque<Block> blocks = all.next();
                blocks.removeIf(block -> {
                    boolean old = block.lastUsed < usedBefore;
                    if (old) {
                        block.memory.close();
                    }
                    return old;
                });
                if (blocks.isEmpty()) {
                    all.remove();
                }
            }
        }
    }

    private NavigableMap<Long, Deque<Block>> free(DType type) {
        return free.computeIfAbsent(type, _ -> new TreeMap<>());
    }
}

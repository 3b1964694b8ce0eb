package io.rootstock.torch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Memory of a thread's tensors, kept when they are closed and reused for tensors of similar size. While a workspace is
 * entered, {@link Tensor#empty} allocates from it. The C library's allocator would need up to twice the memory for the
 * varying sizes of a training step, or a page fault for every page of every tensor.
 *
 * <p>A tensor's memory is reused after the tensor is closed: views of it must not be read after that.
 */
public final class Workspace implements AutoCloseable {
    private static final ThreadLocal<Workspace> ENTERED = new ThreadLocal<>();

    /** On the CPU, the C library allocates smaller tensors; on a GPU none, so that a step's addresses never change. */
    private static final long MIN_BYTES = 64 << 10;

    /** Reusable tensor memory, and the round that used it last. */
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

    /** Allocates this thread's new tensors from this workspace until {@link #leave}. */
    public void enter() {
        ENTERED.set(this);
        round++;
        entered = round;
    }

    /**
     * Begins the next piece of work on this thread. From now on an allocation that needs new memory first frees blocks
     * that the previous pieces used and this one has not, so that the memory for pieces of different sizes does not add
     * up. Blocks of matching size are kept.
     */
    public void next() {
        round++;
    }

    /** Ends {@link #enter}, and frees memory that was not used since, unless {@link #keep} was called. */
    public void leave() {
        ENTERED.remove();
        if (!kept) {
            forget(entered);
        }
    }

    /** Wraps a task: its new tensors are allocated from this workspace. */
    public <T> Callable<T> around(Callable<T> task) {
        return () -> {
            enter();
            try {
                return task.call();
            } finally {
                leave();
            }
        };
    }

    /** Disables freeing until the end, because a CUDA graph uses the memory's addresses. */
    public void keep() {
        kept = true;
    }

    /**
     * Rejects tensors that need new memory, during the capture of work that must use the same memory.
     *
     * @param sealed whether to reject them
     */
    public void seal(boolean sealed) {
        this.sealed = sealed;
    }

    /** The workspace that this thread has entered, or null. */
    static Workspace entered() {
        return ENTERED.get();
    }

    /** Returns memory for at least this many elements and at most a quarter more, or null for a small tensor. */
    Block take(DType type, long elements) {
        if (elements * type.bytes() < MIN_BYTES && Torch.device().type() == Device.Type.CPU) {
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

    /** Frees all memory that is not in use. */
    @Override
    public void close() {
        forget(Long.MAX_VALUE);
    }

    /**
     * Frees up to {@code bytes} of blocks that this round has not used, so that the memory for batches of different
     * sizes does not add up; batches of equal size free nothing.
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

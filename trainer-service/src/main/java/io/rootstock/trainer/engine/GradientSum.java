package io.rootstock.trainer.engine;

import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The sum of a gradient over all processes, slice by slice from the model's end, while the replicas are still in the
 * backward: when all of this process have finished a slice, theirs are added and the result is on its way. The slices hang on
 * the model alone, so that every process sums the same ones in the same order, whatever the timing.
 */
final class GradientSum {
    /** Values of a slice, at least, 1 MiB of float32: smaller layers are sent together. */
    private static final long LEAST = 1 << 18;

    /** Between looks at what has been finished and calls that let MPI go on: 125 kB at 1 Gbit/s. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final int NOTHING = Integer.MAX_VALUE;
    private static final int ALL = -1;

    /** Values to whose gradient nothing is added once this layer and those above are finished. */
    private record Slice(long from, long to, int layer) {}

    private final FlatBuffers buffers;
    private final Collectives processes;
    private final Element element;
    private final List<Slice> early = new ArrayList<>();
    private final List<Slice> late; // the embedding and, behind the matrices, all gains and biases
    private final AtomicIntegerArray finished; // by each replica: its lowest layer so far

    GradientSum(ModelShape shape, ParameterLayout layout, FlatBuffers buffers, Collectives processes, Element element) {
        this.buffers = buffers;
        this.processes = processes;
        this.element = element;
        this.finished = new AtomicIntegerArray(buffers.gradients.size());
        long matrices = layout.matrixElements();
        long end = matrices;
        for (int layer = shape.layers() - 1; layer >= 0; layer--) {
            String prefix = ParameterLayout.prefix(layer);
            long[] range = layout.range(
                    place -> place.offset() < matrices && place.name().startsWith(prefix));
            if (range[0] < range[1] && end - range[0] >= LEAST) {
                early.add(new Slice(range[0], end, layer));
                end = range[0];
            }
        }
        this.late = List.of(new Slice(0, end, ALL), new Slice(matrices, layout.elements(), ALL));
    }

    /** Before the replicas begin. */
    void begin() {
        for (int replica = 0; replica < finished.length(); replica++) {
            finished.set(replica, NOTHING);
        }
    }

    /** Told by a replica in its last backward of the step. */
    void finished(int replica, int layer) {
        finished.set(replica, layer);
    }

    /** Told by a replica that has done all it had to do, or failed: then nobody will look at the sums. */
    void ended(int replica) {
        finished.set(replica, ALL);
    }

    /** Meanwhile, on the thread that may call the group. */
    void follow() {
        for (Slice slice : early) {
            while (!finishedByAll(slice.layer())) {
                processes.advanceSums();
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
            buffers.sumReplicas(slice.from(), slice.to());
            send(slice);
        }
    }

    /** After the replicas, whose threads add what is left; returns when the first replica's gradient is all processes'. */
    void finish(ReplicaThreads threads) {
        for (Slice slice : late) {
            threads.ranges(
                    slice.to() - slice.from(),
                    (from, to) -> buffers.sumReplicas(slice.from() + from, slice.from() + to));
            send(slice);
        }
        processes.finishSums();
    }

    private boolean finishedByAll(int layer) {
        for (int replica = 0; replica < finished.length(); replica++) {
            if (finished.get(replica) > layer) {
                return false;
            }
        }
        return true;
    }

    private void send(Slice slice) {
        long bytes = element.bytes();
        long count = slice.to() - slice.from();
        if (count > 0) {
            processes.beginSum(
                    buffers.gradients.getFirst().memory().asSlice(slice.from() * bytes, count * bytes), element);
        }
    }
}

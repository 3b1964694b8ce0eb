package io.rootstock.trainer.engine;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * All-reduce of the gradient over the processes, overlapped with the backward pass. The gradient is divided into slices from
 * the last layer to the first. When all replicas of this process have completed a slice, their gradients are added and the
 * sum over the processes starts. The slices depend on the model alone, so that all processes sum the same slices in the same
 * order.
 */
final class GradientSum {
    /** Minimum elements of a slice, 1 MiB of float32; smaller layers are sent together. */
    private static final long MIN_ELEMENTS = 1 << 18;

    /** Interval of polling the replicas and of progressing MPI: 125 kB at 1 Gbit/s. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final int NOTHING = Integer.MAX_VALUE;
    private static final int ALL = -1;

    /** Elements whose gradient is complete once a layer and all later layers are finished. */
    private record Slice(long from, long to, int layer) {}

    private final FlatBuffers buffers;
    private final Collectives processes;
    private final Element element;
    private final List<Slice> early = new ArrayList<>();
    private final List<Slice> late; // the embedding, and all gains and biases
    private final AtomicIntegerArray finished; // per replica: the lowest finished layer

    GradientSum(ModelShape shape, ParameterLayout layout, FlatBuffers buffers, Collectives processes, Element element) {
        this.buffers = buffers;
        this.processes = processes;
        this.element = element;
        this.finished = new AtomicIntegerArray(buffers.gradients().size());
        long matrices = layout.matrixElements();
        long end = matrices;
        for (int layer = shape.layers() - 1; layer >= 0; layer--) {
            String prefix = ParameterLayout.prefix(layer);
            long[] range = layout.range(
                    place -> place.offset() < matrices && place.name().startsWith(prefix));
            if (range[0] < range[1] && end - range[0] >= MIN_ELEMENTS) {
                early.add(new Slice(range[0], end, layer));
                end = range[0];
            }
        }
        this.late = List.of(new Slice(0, end, ALL), new Slice(matrices, layout.elements(), ALL));
    }

    /** Resets the state; call it before the replicas start. */
    void begin() {
        for (int replica = 0; replica < finished.length(); replica++) {
            finished.set(replica, NOTHING);
        }
    }

    /** Reports a finished layer of a replica's last backward pass of the step. */
    void finished(int replica, int layer) {
        finished.set(replica, layer);
    }

    /** Reports the end of a replica's work, also after a failure. */
    void ended(int replica) {
        finished.set(replica, ALL);
    }

    /** Sums completed slices while the replicas run; call it on the thread that may call the process group. */
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

    /** Sums the remaining slices after the replicas; on return the first replica's gradient is the sum over all processes. */
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
                    buffers.gradients().getFirst().memory().asSlice(slice.from() * bytes, count * bytes), element);
        }
    }
}

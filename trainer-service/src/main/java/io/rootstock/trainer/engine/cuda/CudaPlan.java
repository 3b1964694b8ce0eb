package io.rootstock.trainer.engine;

import io.rootstock.cuda.Graph;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls that were taken down as a CUDA graph, with the inputs they read: to be done again with others of the same sizes.
 * Room for the inputs is made before anything is taken down, as memory cannot be allocated meanwhile.
 */
final class CudaPlan implements AutoCloseable {
    private final List<Long> sizes;
    private final List<CudaSlot> slots;
    private final List<Tensor> held = new ArrayList<>();
    private int taken;
    private Graph graph;

    /** For inputs of these sizes in this order. */
    CudaPlan(List<CudaCalls.Input> inputs) {
        sizes = sizes(inputs);
        slots = inputs.stream()
                .map(input -> CudaSlot.of(input.values().byteSize()))
                .toList();
    }

    /** The slot of the next input that is taken down. */
    CudaSlot next(CudaCalls.Input input) {
        requireNext(sizes, taken, input);
        return slots.get(taken++);
    }

    void hold(Tensor tensor) {
        held.add(tensor);
    }

    /** Ends the taking down. */
    void complete(Graph whole) {
        graph = whole;
        requireAll(sizes, taken);
    }

    /** Puts all of it on the stream, with these inputs. */
    void launch(Stream stream, List<CudaCalls.Input> inputs) {
        requireSizes(sizes, inputs);
        for (int index = 0; index < slots.size(); index++) {
            slots.get(index).fill(inputs.get(index));
        }
        graph.launch(stream);
    }

    /** Refuses an input that is not the planned one. */
    static void requireNext(List<Long> sizes, int index, CudaCalls.Input input) {
        long bytes = input.values().byteSize();
        if (index >= sizes.size() || sizes.get(index) != bytes) {
            throw new IllegalStateException("input " + index + " has " + bytes + " bytes; planned were " + sizes);
        }
    }

    /** Refuses work that took fewer inputs than were planned. */
    static void requireAll(List<Long> sizes, int taken) {
        if (taken != sizes.size()) {
            throw new IllegalStateException("the work took " + taken + " of " + sizes.size() + " planned inputs");
        }
    }

    /** Refuses inputs that are not the graph's in number and size. */
    static void requireSizes(List<Long> sizes, List<CudaCalls.Input> inputs) {
        if (!sizes(inputs).equals(sizes)) {
            throw new IllegalArgumentException(
                    "the graph has inputs of " + sizes + " bytes, was given " + sizes(inputs));
        }
    }

    private static List<Long> sizes(List<CudaCalls.Input> inputs) {
        return inputs.stream().map(input -> input.values().byteSize()).toList();
    }

    @Override
    public void close() {
        if (graph != null) {
            graph.close();
        }
        slots.forEach(CudaSlot::close);
        held.forEach(Tensor::close);
    }
}

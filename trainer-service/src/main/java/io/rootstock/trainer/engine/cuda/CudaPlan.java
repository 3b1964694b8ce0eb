package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.Graph;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A captured CUDA graph and the slots of its inputs, for repeated launches with inputs of the same sizes. The slots are
 * allocated before the capture, which must not allocate memory.
 */
final class CudaPlan implements AutoCloseable {
    private final List<Long> sizes;
    private final List<CudaSlot> slots;
    private final List<Tensor> held = new ArrayList<>();
    private int captured;
    private Graph graph;

    /** Allocates slots for inputs of these sizes, in order. */
    CudaPlan(List<CudaCalls.Input> inputs) {
        sizes = sizes(inputs);
        slots = inputs.stream()
                .map(input -> CudaSlot.of(input.values().byteSize()))
                .toList();
    }

    /** Slot of the next captured input. */
    CudaSlot next(CudaCalls.Input input) {
        requireNext(sizes, captured, input);
        return slots.get(captured++);
    }

    /** Keeps a tensor until the plan is closed. */
    void hold(Tensor tensor) {
        held.add(tensor);
    }

    /** Ends the capture. */
    void complete(Graph whole) {
        graph = whole;
        requireAll(sizes, captured);
    }

    /** Fills the slots and launches the graph on a stream. */
    void launch(Stream stream, List<CudaCalls.Input> inputs) {
        requireSizes(sizes, inputs);
        for (int index = 0; index < slots.size(); index++) {
            slots.get(index).fill(inputs.get(index));
        }
        graph.launch(stream);
    }

    /** Requires that an input has the planned size. */
    static void requireNext(List<Long> sizes, int index, CudaCalls.Input input) {
        long bytes = input.values().byteSize();
        if (index >= sizes.size() || sizes.get(index) != bytes) {
            throw new IllegalStateException("input " + index + " has " + bytes + " bytes; planned were " + sizes);
        }
    }

    /** Requires that the captured work uploaded all planned inputs. */
    static void requireAll(List<Long> sizes, int captured) {
        if (captured != sizes.size()) {
            throw new IllegalStateException(
                    "the work uploaded " + captured + " of " + sizes.size() + " planned inputs");
        }
    }

    /** Requires that inputs match the graph in number and size. */
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

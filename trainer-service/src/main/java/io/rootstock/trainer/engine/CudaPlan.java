package io.rootstock.trainer.engine;

import io.rootstock.cuda.Graph;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Calls that were taken down as a CUDA graph, with the inputs they read: to be done again with others of the same sizes. */
final class CudaPlan implements AutoCloseable {
    private final List<CudaSlot> slots = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final List<Tensor> held = new ArrayList<>();
    private Graph graph;

    /** A new input's slot, filled. */
    CudaSlot add(CudaCalls.Input input) {
        CudaSlot slot = CudaSlot.of(input.values().byteSize());
        slot.fill(input);
        slots.add(slot);
        sizes.add(input.values().byteSize());
        return slot;
    }

    void hold(Tensor tensor) {
        held.add(tensor);
    }

    void complete(Graph taken) {
        graph = taken;
    }

    /** Puts all of it on the stream, with these inputs in the order in which they were taken down. */
    void launch(Stream stream, List<CudaCalls.Input> inputs) {
        requireSizes(sizes, inputs);
        for (int index = 0; index < slots.size(); index++) {
            slots.get(index).fill(inputs.get(index));
        }
        graph.launch(stream);
    }

    /** Refuses inputs that are not those of the graph in number and size. */
    static void requireSizes(List<Long> sizes, List<CudaCalls.Input> inputs) {
        List<Long> given =
                inputs.stream().map(input -> input.values().byteSize()).toList();
        if (!given.equals(sizes)) {
            throw new IllegalArgumentException("the graph has inputs of " + sizes + " bytes, was given " + given);
        }
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

package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors of a GGUF model as stored in the file, which is mapped read-only: all processes that map it share its pages,
 * and the kernel can evict and reload them.
 */
public final class GgufTensors implements AutoCloseable {
    private final ModelConfig config;
    private final GgufHeader header;
    private final List<Entry> entries;
    private final Arena mapping;

    /**
     * Tensor of a GGUF model.
     *
     * @param name Hugging Face name
     * @param shape row-major, so [out, in] for a matrix
     * @param type its {@code ggml_type}
     * @param permutedHeads number of heads whose rows are permuted in the file, [heads,2,d/2,in] stored as
     *     [heads,d/2,2,in]; 0: Hugging Face's order
     * @param data blocks of the tensor, row by row; valid until the file is closed
     */
    // The shape is an array as in NamedTensor; entries are not compared.
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(String name, long[] shape, int type, int permutedHeads, MemorySegment data) {}

    private GgufTensors(ModelConfig config, GgufHeader header, List<Entry> entries, Arena mapping) {
        this.config = config;
        this.header = header;
        this.entries = List.copyOf(entries);
        this.mapping = mapping;
    }

    /**
     * Validates and maps a file.
     *
     * @throws InvalidGgufException naming the first violation
     */
    public static GgufTensors open(Path file) throws IOException {
        ModelConfig config = GgufValidator.validate(file);
        ModelShape model = config.shape();
        Arena mapping = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapping);
            GgufHeader header = GgufReader.read(bytes);
            Map<String, GgufHeader.Tensor> table = new HashMap<>();
            header.tensors().forEach(tensor -> table.put(tensor.name(), tensor));
            List<Entry> entries = new ArrayList<>();
            LlamaTensors.expected(model).forEach((name, shape) -> {
                GgufHeader.Tensor tensor = table.get(GgufNames.of(name));
                MemorySegment data = bytes.asSlice(header.dataStart() + tensor.offset(), tensor.bytes());
                entries.add(new Entry(name, shape, tensor.type().number(), Gguf.permutedHeads(name, model), data));
            });
            return new GgufTensors(config, header, entries, mapping);
        } catch (IOException | RuntimeException e) {
            mapping.close();
            throw e;
        }
    }

    /** Configuration of the model. */
    public ModelConfig config() {
        return config;
    }

    /** Keys and tensor table of the file. */
    GgufHeader header() {
        return header;
    }

    /** All tensors, in the order of the forward pass. */
    public List<Entry> entries() {
        return entries;
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        mapping.close();
    }
}

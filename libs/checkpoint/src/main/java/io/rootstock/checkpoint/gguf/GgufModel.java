package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.StreamedTensor;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Converts GGUF models to Hugging Face directories with float32 weights, in bounded memory. */
public final class GgufModel {
    private GgufModel() {}

    /**
     * Checks a file's header without reading the tensors' values: architecture, tokenizer, keys. Works on a partially
     * downloaded file, so that an invalid file is rejected early.
     *
     * @return false if the header is incomplete
     * @throws InvalidGgufException naming the key and the supported values
     */
    public static boolean checkHeader(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            GgufValidator.checkKeys(GgufReader.read(bytes));
            return true;
        } catch (TruncatedGgufException _) {
            return false;
        }
    }

    /**
     * Returns the value of {@code general.license}; empty if the file has none.
     *
     * @throws InvalidGgufException if the header is invalid or incomplete
     */
    public static Optional<String> license(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return GgufReader.read(bytes).keys().get("general.license") instanceof String license
                    ? Optional.of(license)
                    : Optional.empty();
        }
    }

    /**
     * Writes a model as a Hugging Face directory, which must not exist; it appears complete or not at all. Tensors are
     * dequantized in chunks; for architecture llama the rows of queries and keys are restored to Hugging Face's order.
     *
     * @param file a single file; join a split model first ({@link GgufSplit})
     * @throws InvalidGgufException if the file is not a complete model of a supported architecture
     * @throws InvalidCheckpointException if a weight is NaN or infinite
     */
    public static void writeHuggingFace(Path file, Path directory, Dequantizer dequantizer) throws IOException {
        Path tokenizer = directory.resolveSibling("." + directory.getFileName() + ".tokenizer");
        Files.createDirectories(tokenizer);
        try (GgufTensors tensors = GgufTensors.open(file)) {
            GgufTokenizer.write(tensors.header(), tokenizer);
            List<StreamedTensor> streamed = tensors.entries().stream()
                    .map(entry -> streamed(entry, dequantizer).finite())
                    .toList();
            HuggingFaceDirectory.stream(
                    directory,
                    tensors.config(),
                    streamed,
                    tokenizer,
                    List.of(),
                    tensors.config().shape().contextLength(),
                    Optional.empty());
        } finally {
            FileTree.delete(tokenizer);
        }
    }

    private static StreamedTensor streamed(GgufTensors.Entry entry, Dequantizer dequantizer) {
        return new StreamedTensor(entry.name(), entry.shape(), consumer -> {
            if (entry.permutedHeads() == 0) {
                plain(entry, dequantizer, consumer);
            } else {
                permuted(entry, dequantizer, consumer);
            }
        });
    }

    /** Converts whole rows, as many at a time as fit into a chunk. */
    private static void plain(GgufTensors.Entry entry, Dequantizer dequantizer, StreamedTensor.Consumer consumer)
            throws IOException {
        long rows = entry.shape().length == 1 ? 1 : entry.shape()[0];
        long columns = entry.shape()[entry.shape().length - 1];
        long rowBytes = entry.data().byteSize() / rows;
        long partRows = Math.clamp(StreamedTensor.PART_ELEMENTS / columns, 1, rows);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(partRows * columns * Float.BYTES, Float.BYTES);
            for (long row = 0; row < rows; row += partRows) {
                long count = Math.min(partRows, rows - row);
                dequantizer.toFloat(
                        entry.type(), entry.data().asSlice(row * rowBytes, count * rowBytes), floats, count * columns);
                consumer.accept(floats.asSlice(0, count * columns * Float.BYTES));
            }
        }
    }

    /** Converts head by head, from [hd/2, 2, in] to [2, hd/2, in]. */
    private static void permuted(GgufTensors.Entry entry, Dequantizer dequantizer, StreamedTensor.Consumer consumer)
            throws IOException {
        int heads = entry.permutedHeads();
        long headRows = entry.shape()[0] / heads;
        long columns = entry.shape()[1];
        long headBytes = entry.data().byteSize() / heads;
        long rowBytes = columns * Float.BYTES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stored = arena.allocate(headRows * rowBytes, Float.BYTES);
            MemorySegment ordered = arena.allocate(headRows * rowBytes, Float.BYTES);
            for (int head = 0; head < heads; head++) {
                dequantizer.toFloat(
                        entry.type(), entry.data().asSlice(head * headBytes, headBytes), stored, headRows * columns);
                for (long row = 0; row < headRows; row++) {
                    long target = row % 2 * (headRows / 2) + row / 2;
                    MemorySegment.copy(stored, row * rowBytes, ordered, target * rowBytes, rowBytes);
                }
                consumer.accept(ordered);
            }
        }
    }

    /** Converts quantized weights to float32; implemented by llama.cpp's {@code to_float}. */
    @FunctionalInterface
    public interface Dequantizer {
        /**
         * Converts elements.
         *
         * @param type their {@code ggml_type}
         * @param source their blocks, in native memory
         * @param target 4 * elements bytes of native memory
         * @param elements a whole number of blocks
         */
        void toFloat(int type, MemorySegment source, MemorySegment target, long elements);
    }
}

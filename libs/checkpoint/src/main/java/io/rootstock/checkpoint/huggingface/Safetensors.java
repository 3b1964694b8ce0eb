package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.StreamedTensor;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A safetensors file: u64 header length, a JSON header, the tensors' bytes, all little-endian. Files are written in
 * F32. An open file is mapped into memory: F32 tensors are views of it; F16 and BF16 tensors are converted to float32
 * at their first access. Tensors are valid until the file is closed. Safe for several threads.
 */
public final class Safetensors implements AutoCloseable {
    private static final int HEADER_ALIGNMENT = 8;

    private final Path file;
    private final Arena arena;
    private final MemorySegment data;
    private final SafetensorsHeader header;
    private final Map<String, NamedTensor> widened = new LinkedHashMap<>();

    private Safetensors(Path file, Arena arena, MemorySegment data, SafetensorsHeader header) {
        this.file = file;
        this.arena = arena;
        this.data = data;
        this.header = header;
    }

    /** Writes the tensors in the given order; the file appears complete or not at all. */
    public static void write(Path file, List<NamedTensor> tensors, Map<String, String> metadata) throws IOException {
        stream(file, StreamedTensor.of(tensors), metadata);
    }

    /** Writes the tensors in the given order and in chunks; the file appears complete or not at all. */
    static void stream(Path file, List<StreamedTensor> tensors, Map<String, String> metadata) throws IOException {
        requireLittleEndian();
        ObjectNode json = Json.MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = json.putObject(SafetensorsHeader.METADATA);
            // The iteration order of Map.of differs between processes; equal models must have equal digests.
            new TreeMap<>(metadata).forEach(node::put);
        }
        long offset = 0;
        for (StreamedTensor tensor : tensors) {
            if (json.has(tensor.name()) || tensor.name().equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("a tensor cannot be named " + tensor.name() + " here");
            }
            ObjectNode node = json.putObject(tensor.name());
            node.put("dtype", "F32");
            ArrayNode shape = node.putArray("shape");
            for (long dimension : tensor.shape()) {
                shape.add(dimension);
            }
            long end = offset + tensor.elements() * Float.BYTES;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        AtomicFile.write(file, channel -> {
            AtomicFile.append(channel, head.flip());
            for (StreamedTensor tensor : tensors) {
                long begin = channel.position();
                tensor.parts().forEach(part -> AtomicFile.append(channel, part));
                if (channel.position() - begin != tensor.elements() * Float.BYTES) {
                    throw new IllegalStateException("tensor " + tensor.name() + " wrote " + (channel.position() - begin)
                            + " bytes instead of " + tensor.elements() * Float.BYTES);
                }
            }
        });
    }

    /**
     * Opens a file.
     *
     * @throws InvalidCheckpointException if the header is damaged, or a tensor is outside the file or overlaps another
     */
    public static Safetensors open(Path file) throws IOException {
        return open(file, Arena.ofShared());
    }

    /** Opens a file for the threads of the arena, which is closed with the returned object. */
    static Safetensors open(Path file, Arena arena) throws IOException {
        requireLittleEndian();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = SafetensorsHeader.read(file, channel);
            long length = channel.size() - header.dataStart();
            MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, header.dataStart(), length, arena);
            return new Safetensors(file, arena, data, header);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The {@code __metadata__} of the file. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Names of the tensors in the order of the file. */
    public List<String> names() {
        return List.copyOf(header.tensors().keySet());
    }

    /** Returns one tensor. */
    public synchronized NamedTensor tensor(String name) {
        SafetensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new InvalidCheckpointException(file + " has no tensor " + name);
        }
        return widened.computeIfAbsent(name, ignored -> new NamedTensor(name, entry.shape(), float32(entry)));
    }

    /** Returns all tensors in the order of the file. */
    public List<NamedTensor> tensors() {
        return names().stream().map(this::tensor).toList();
    }

    /** Returns all tensors in the order of the file, converted to float32 in chunks while they are written. */
    List<StreamedTensor> streamed() {
        List<StreamedTensor> tensors = new ArrayList<>();
        header.tensors().forEach((name, entry) -> {
            MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
            tensors.add(new StreamedTensor(name, entry.shape(), consumer -> widen(entry.type(), bytes, consumer)));
        });
        return tensors;
    }

    private static void widen(SafetensorsType type, MemorySegment bytes, StreamedTensor.Consumer consumer)
            throws IOException {
        long partBytes = (long) StreamedTensor.PART_ELEMENTS * type.bytes();
        for (long begin = 0; begin < bytes.byteSize(); begin += partBytes) {
            try (Arena part = Arena.ofConfined()) {
                consumer.accept(type.widen(bytes.asSlice(begin, Math.min(partBytes, bytes.byteSize() - begin)), part));
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment float32(SafetensorsHeader.Entry entry) {
        MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
        boolean usableAsIs = entry.type() == SafetensorsType.F32 && bytes.address() % Float.BYTES == 0;
        return usableAsIs ? bytes : entry.type().widen(bytes, arena);
    }

    private static void requireLittleEndian() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("model files are little-endian and so must this machine be");
        }
    }
}

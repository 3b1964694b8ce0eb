package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Validated header of a safetensors file: every tensor is inside the file, its size matches its shape, and the tensors
 * cover the data without overlap or gap.
 *
 * @param dataStart offset of the data in the file, in bytes
 */
record SafetensorsHeader(long dataStart, Map<String, Entry> tensors, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /** One tensor; begin and end are offsets in the data, in bytes. */
    // The shape is passed to a NamedTensor; entries are not compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(SafetensorsType type, long[] shape, long begin, long end) {}

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        require(size >= Long.BYTES, file, "is too short for a header: " + size + " bytes");
        long length = readAt(channel, 0, Long.BYTES).getLong();
        require(
                length > 0 && length <= MAX_HEADER_BYTES && length <= size - Long.BYTES,
                file,
                "has a header of " + Long.toUnsignedString(length) + " bytes in a file of " + size);
        byte[] text = readAt(channel, Long.BYTES, (int) length).array();
        long dataStart = Long.BYTES + length;
        try {
            return parse(
                    file, Json.MAPPER.readTree(new String(text, StandardCharsets.UTF_8)), dataStart, size - dataStart);
        } catch (JacksonException e) {
            throw new InvalidCheckpointException(file + " has a header that is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static SafetensorsHeader parse(Path file, JsonNode json, long dataStart, long dataBytes) {
        require(json.isObject(), file, "has a header that is no JSON object");
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().equals(METADATA)) {
                for (Map.Entry<String, JsonNode> pair : field.getValue().properties()) {
                    require(pair.getValue().isTextual(), file, "has metadata that is not a string: " + pair.getKey());
                    metadata.put(pair.getKey(), pair.getValue().textValue());
                }
            } else {
                tensors.put(field.getKey(), entry(file, field.getKey(), field.getValue(), dataBytes));
            }
        }
        requireCovered(file, tensors, dataBytes);
        return new SafetensorsHeader(dataStart, tensors, metadata);
    }

    private static Entry entry(Path file, String name, JsonNode json, long dataBytes) {
        String typeName = json.path("dtype").asText();
        SafetensorsType type = switch (typeName) {
            case "F32" -> SafetensorsType.F32;
            case "F16" -> SafetensorsType.F16;
            case "BF16" -> SafetensorsType.BF16;
            default ->
                throw invalid(file, "holds tensor " + name + " of type '" + typeName + "'; F32, F16 and BF16 are read");
        };
        long[] shape = integers(json.path("shape"));
        long[] offsets = integers(json.path("data_offsets"));
        require(shape != null, file, "gives tensor " + name + " no shape");
        require(offsets != null && offsets.length == 2, file, "gives tensor " + name + " no two data_offsets");
        require(
                offsets[0] >= 0 && offsets[0] <= offsets[1] && offsets[1] <= dataBytes,
                file,
                "puts tensor " + name + " at " + offsets[0] + ".." + offsets[1] + ", out of its range of " + dataBytes
                        + " bytes");
        long elements = NamedTensor.elements(shape);
        require(
                elements >= 0 && elements * type.bytes() == offsets[1] - offsets[0],
                file,
                "gives tensor " + name + " " + (offsets[1] - offsets[0]) + " bytes, which is not its shape's size");
        return new Entry(type, shape, offsets[0], offsets[1]);
    }

    private static void requireCovered(Path file, Map<String, Entry> tensors, long dataBytes) {
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(tensors.entrySet());
        byOffset.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                        e -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long end = 0;
        for (Map.Entry<String, Entry> tensor : byOffset) {
            long begin = tensor.getValue().begin();
            require(begin >= end, file, "has tensor " + tensor.getKey() + " overlapping another");
            require(begin == end, file, "has a gap before tensor " + tensor.getKey());
            end = tensor.getValue().end();
        }
        require(end == dataBytes, file, "has " + (dataBytes - end) + " bytes that belong to no tensor");
    }

    private static long[] integers(JsonNode array) {
        if (!array.isArray()) {
            return null;
        }
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            if (!array.get(i).isIntegralNumber() || !array.get(i).canConvertToLong()) {
                return null;
            }
            values[i] = array.get(i).longValue();
        }
        return values;
    }

    private static ByteBuffer readAt(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
            // A read may return fewer bytes than requested.
        }
        return buffer.flip();
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw invalid(file, otherwise);
        }
    }

    private static InvalidCheckpointException invalid(Path file, String reason) {
        return new InvalidCheckpointException(file + " " + reason);
    }
}

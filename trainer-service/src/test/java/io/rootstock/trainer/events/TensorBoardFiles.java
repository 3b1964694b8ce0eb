package io.rootstock.trainer.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a directory of event files like TensorBoard's event accumulator: files in the order of their names, records
 * with verified checksums, and a session start discards earlier records of its step and later steps. Implemented from
 * the format with its own checksum.
 */
public final class TensorBoardFiles {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * A scalar or a text.
     *
     * @param value the scalar; NaN for a text
     * @param text the text; empty for a scalar
     */
    public record Entry(long step, String tag, float value, String text) {}

    private TensorBoardFiles() {}

    /** Reads all records that are not discarded. */
    public static List<Entry> read(Path folder) throws IOException {
        TensorBoardFiles files = new TensorBoardFiles();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.sorted().toList()) {
                assertThat(file.getFileName().toString()).contains("tfevents");
                files.add(Files.readAllBytes(file));
            }
        }
        return files.entries;
    }

    /** Returns the scalars of one tag by step; fails if a step has two. */
    public static Map<Long, Float> curve(List<Entry> entries, String tag) {
        Map<Long, Float> curve = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.tag().equals(tag)) {
                assertThat(curve.put(entry.step(), entry.value()))
                        .as("two figures of step " + entry.step())
                        .isNull();
            }
        }
        return curve;
    }

    private void add(byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean first = true;
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = (int) bytes.getLong();
            assertThat(bytes.getInt()).isEqualTo(masked(Arrays.copyOfRange(file, start, start + 8)));
            byte[] event = new byte[length];
            bytes.get(event);
            assertThat(bytes.getInt()).isEqualTo(masked(event));
            event(event, first);
            first = false;
        }
    }

    private void event(byte[] bytes, boolean first) throws IOException {
        Map<Integer, List<Object>> event = fields(bytes);
        assertThat(Double.longBitsToDouble((Long) event.get(1).getFirst())).isBetween(1e9, 1e10);
        long step = event.containsKey(2) ? (Long) event.get(2).getFirst() : 0;
        if (first) {
            assertThat(text(event.get(3).getFirst())).isEqualTo("brain.Event:2");
        }
        if (event.containsKey(7)) {
            assertThat(fields((byte[]) event.get(7).getFirst()).get(1)).containsExactly(1L);
            entries.removeIf(entry -> entry.step() >= step);
        }
        for (Object summary : event.getOrDefault(5, List.of())) {
            for (Object value : fields((byte[]) summary).get(1)) {
                entries.add(entry(step, fields((byte[]) value)));
            }
        }
    }

    private static Entry entry(long step, Map<Integer, List<Object>> value) throws IOException {
        String tag = text(value.get(1).getFirst());
        if (value.containsKey(2)) {
            return new Entry(
                    step, tag, Float.intBitsToFloat((Integer) value.get(2).getFirst()), "");
        }
        byte[] plugin = (byte[]) fields((byte[]) value.get(9).getFirst()).get(1).getFirst();
        assertThat(text(fields(plugin).get(1).getFirst())).isEqualTo("text");
        Map<Integer, List<Object>> tensor = fields((byte[]) value.get(8).getFirst());
        assertThat(tensor.get(1)).containsExactly(7L);
        return new Entry(step, tag, Float.NaN, text(tensor.get(8).getFirst()));
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static Map<Integer, List<Object>> fields(byte[] message) throws IOException {
        Map<Integer, List<Object>> fields = new HashMap<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Object value = switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_VARINT -> in.readInt64();
                case WireFormat.WIRETYPE_FIXED64 -> in.readFixed64();
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.readByteArray();
                case WireFormat.WIRETYPE_FIXED32 -> in.readFixed32();
                default -> throw new IOException("wire type of " + tag);
            };
            fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), key -> new ArrayList<>())
                    .add(value);
        }
        return fields;
    }

    /** CRC-32C bit by bit (Castagnoli's polynomial, reversed), masked as TensorFlow masks it. */
    private static int masked(byte[] bytes) {
        int checksum = -1;
        for (byte value : bytes) {
            checksum ^= value & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                checksum = (checksum >>> 1) ^ (0x82f63b78 & -(checksum & 1));
            }
        }
        checksum = ~checksum;
        return ((checksum >>> 15) | (checksum << 17)) + 0xa282ead8;
    }
}

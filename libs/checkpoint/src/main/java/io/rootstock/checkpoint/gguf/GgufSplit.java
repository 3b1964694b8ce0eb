package io.rootstock.checkpoint.gguf;

import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Models split by {@code llama-gguf-split} into files {@code NAME-00001-of-00003.gguf} and so on. */
public final class GgufSplit {
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final String COUNT = "split.count";
    private static final String NUMBER = "split.no";

    private GgufSplit() {}

    /** Returns the names of all parts in order, given one of them; for any other file its own name. */
    public static List<String> names(String name) {
        Matcher part = PART.matcher(name);
        if (!part.matches()) {
            return List.of(name);
        }
        int count = Integer.parseInt(part.group(3));
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(String.format("%s-%05d-of-%05d.gguf", part.group(1), i, count));
        }
        return names;
    }

    /**
     * Joins the parts into one file as llama.cpp does: the keys of the first part without {@code split.*}, and all
     * tensors. The file appears complete or not at all.
     *
     * @param parts all parts in order
     * @throws InvalidGgufException if a part is damaged or does not belong to the model
     */
    public static void join(List<Path> parts, Path target) throws IOException {
        GgufWriter writer = new GgufWriter();
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < parts.size(); i++) {
                try (FileChannel channel = FileChannel.open(parts.get(i), StandardOpenOption.READ)) {
                    MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                    add(bytes, i, parts.size(), writer);
                } catch (InvalidGgufException e) {
                    throw new InvalidGgufException(parts.get(i).getFileName() + ": " + e.getMessage());
                }
            }
            writer.write(target);
        }
    }

    private static void add(MemorySegment bytes, int number, int parts, GgufWriter writer) {
        GgufHeader header = GgufReader.read(bytes);
        long count = header.integer(COUNT).orElse(1L);
        require(count == parts, "key " + COUNT + " is " + count + "; " + parts + " files were given");
        long stated = header.integer(NUMBER).orElse(0L);
        require(
                stated == number,
                "key " + NUMBER + " is " + stated + " and must be " + number + ": the parts are mixed up");
        GgufTensorTable.checkPlaces(header, bytes.byteSize());
        if (number == 0) {
            header.encoded().forEach((key, value) -> {
                if (!key.startsWith("split.")) {
                    writer.encoded(key, value);
                }
            });
        }
        for (GgufHeader.Tensor tensor : header.tensors()) {
            MemorySegment data = bytes.asSlice(header.dataStart() + tensor.offset(), tensor.bytes());
            writer.tensor(
                    tensor.name(),
                    tensor.shape().stream().mapToLong(Long::longValue).toArray(),
                    tensor.type(),
                    channel -> AtomicFile.append(channel, data));
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}

package io.rootstock.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites a jar of classes that Quarkus generates so that it does not differ between builds. Quarkus 3.33 counts the keys by
 * which these classes pass values at startup over steps of the build that run concurrently; later versions do not (pull request
 * 53025). The new numbers follow from the order of the classes in the jar and of the constants in a class. The order of the jar
 * and of the lists of classes for the native-image builder also follow from such steps, and become alphabetical.
 */
public final class StableJar {
    /** Name of the jar with the generated classes. */
    static final String JAR = "generated-bytecode.jar";

    private static final Pattern KEY = Pattern.compile("proxykey\\d+");
    private static final Pattern LIST = Pattern.compile("META-INF/native-image/[a-z]+-config\\.json");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Bytes before the count of constants: magic and version. */
    private static final int HEADER = 8;

    private final Map<String, String> keys = new HashMap<>();

    private StableJar() {}

    /**
     * Writes the jar in a stable form.
     *
     * @param arguments jar, output
     */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    /** Writes a copy of the jar with other keys and another order; nothing else changes. */
    static void write(Path jar, Path target) throws IOException {
        StableJar stable = new StableJar();
        try (ZipFile source = new ZipFile(jar.toFile());
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            List<ZipEntry> entries = new ArrayList<>(Collections.list(source.entries()));
            entries.sort(Comparator.comparing(ZipEntry::getName));
            for (ZipEntry entry : entries) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                zip.putNextEntry(copy);
                try (InputStream in = source.getInputStream(entry)) {
                    zip.write(stable.content(entry.getName(), in.readAllBytes()));
                }
                zip.closeEntry();
            }
        }
    }

    private byte[] content(String name, byte[] content) throws IOException {
        if (name.endsWith(".class")) {
            return renumber(content);
        }
        return LIST.matcher(name).matches() ? sort(content) : content;
    }

    private static byte[] sort(byte[] list) throws IOException {
        if (!(JSON.readTree(list) instanceof ArrayNode elements)) {
            return list;
        }
        List<JsonNode> sorted = new ArrayList<>();
        elements.forEach(sorted::add);
        sorted.sort(Comparator.comparing(JsonNode::toString));
        return JSON.writeValueAsBytes(sorted);
    }

    /** Replaces the keys in the constant pool. Source: Java Virtual Machine Specification, section 4.4. */
    private byte[] renumber(byte[] type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(type.length);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(type));
                DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(in.readNBytes(HEADER));
            int count = in.readUnsignedShort();
            out.writeShort(count);
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                out.writeByte(tag);
                switch (tag) {
                    case 1 -> {
                        String text = in.readUTF();
                        out.writeUTF(
                                KEY.matcher(text).matches()
                                        ? keys.computeIfAbsent(text, _ -> "proxykey" + keys.size())
                                        : text);
                    }
                    case 7, 8, 16, 19, 20 -> out.write(in.readNBytes(2));
                    case 15 -> out.write(in.readNBytes(3));
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> out.write(in.readNBytes(4));
                    case 5, 6 -> {
                        out.write(in.readNBytes(8));
                        // long and double take two places of the pool
                        i++;
                    }
                    default -> throw new IOException("unknown tag " + tag + " in a constant pool");
                }
            }
            in.transferTo(out);
        }
        return bytes.toByteArray();
    }
}

package io.rootstock.dist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Renumbers the keys by which the classes that Quarkus generates pass values at startup. Quarkus 3.33 counts them over steps of
 * the build that run concurrently, so that they differ between builds; later versions do not (pull request 53025). The new
 * numbers follow from the order of the classes in the jar and of the constants in a class.
 */
public final class StableKeys {
    /** Name of the jar with the generated classes. */
    static final String JAR = "generated-bytecode.jar";

    private static final Pattern KEY = Pattern.compile("proxykey\\d+");
    /** Bytes before the count of constants: magic and version. */
    private static final int HEADER = 8;

    private final Map<String, String> keys = new HashMap<>();

    private StableKeys() {}

    /**
     * Writes a jar with other keys.
     *
     * @param arguments jar, output
     */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    /** Writes a copy of the jar with other keys; nothing else changes. */
    static void write(Path jar, Path target) throws IOException {
        StableKeys stable = new StableKeys();
        try (ZipFile source = new ZipFile(jar.toFile());
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            for (ZipEntry entry : Collections.list(source.entries())) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                zip.putNextEntry(copy);
                try (InputStream in = source.getInputStream(entry)) {
                    byte[] content = in.readAllBytes();
                    zip.write(entry.getName().endsWith(".class") ? stable.renumber(content) : content);
                }
                zip.closeEntry();
            }
        }
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

package io.rootstock.cli.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compressed size of text with {@code gzip -9}: the baseline of bits per byte. */
final class Gzip {
    private Gzip() {}

    /**
     * Size of a text.
     *
     * @param bytes UTF-8 bytes
     * @param compressed bytes after gzip -9
     */
    record Size(long bytes, long compressed) {
        double bitsPerByte() {
            return 8.0 * compressed / bytes;
        }
    }

    static Size measure(List<String> texts) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        long bytes = 0;
        try (GZIPOutputStream gzip = new BestCompression(compressed)) {
            for (String text : texts) {
                byte[] raw = text.getBytes(StandardCharsets.UTF_8);
                gzip.write(raw);
                bytes += raw.length;
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Size(bytes, compressed.size());
    }

    private static final class BestCompression extends GZIPOutputStream {
        BestCompression(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}

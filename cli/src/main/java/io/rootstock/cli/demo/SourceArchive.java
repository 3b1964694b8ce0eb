package io.rootstock.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the part of a JDK's {@code src.zip} that the demo reads, for a runtime without the others. The demo trains on equal
 * data with either. Equal sources give equal bytes.
 */
public final class SourceArchive {
    /** The first time that a zip archive can hold. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** A public type as it is usually written: without indentation. Parsing all files would take half a minute. */
    private static final Pattern PUBLIC_TYPE = Pattern.compile("(?m)^(\\S.*\\s)?public\\s");

    private record Source(String path, String text) {}

    private SourceArchive() {}

    /**
     * Writes the sources with documented types, sorted by path and not compressed: the download is compressed as a whole.
     *
     * @param corpus {@code src.zip} of a JDK
     * @param target archive to write
     */
    public static void write(Path corpus, Path target) throws IOException {
        List<Source> sources = JdkSources.read(
                corpus,
                DemoCorpus::isPublicLibrary,
                (path, text) -> new Source(path, isDocumented(path, text) ? text : ""));
        try (OutputStream file = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Source source : sources) {
                if (!source.text().isEmpty()) {
                    byte[] content = source.text().getBytes(StandardCharsets.UTF_8);
                    zip.putNextEntry(entry(source.path(), content));
                    zip.write(content);
                    zip.closeEntry();
                }
            }
        }
    }

    /** True for all files that the demo reads types from, and for few others. */
    private static boolean isDocumented(String path, String text) {
        return JavadocReader.mayDocument(text)
                && (PUBLIC_TYPE.matcher(text).find()
                        || JavadocReader.read(path, text).isPresent());
    }

    private static ZipEntry entry(String path, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(path);
        entry.setTimeLocal(TIME);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        return entry;
    }
}

package io.rootstock.bench.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Lines of the JDK's sources and of books, from which documents are drawn. */
final class LinePool {
    private static final int LINES = 1_000_000;

    private final List<String> code = new ArrayList<>();
    private final List<String> prose = new ArrayList<>();

    /**
     * Reads the lines.
     *
     * @param data folder of the bench data, with {@code books/}
     */
    static LinePool read(Path data) throws IOException {
        LinePool pool = new LinePool();
        pool.readSources();
        try (Stream<Path> books = Files.list(data.resolve("books"))) {
            for (Path book : books.sorted().toList()) {
                for (String line : Files.readString(book).split("\r?\n", -1)) {
                    add(pool.prose, line);
                }
            }
        }
        return pool;
    }

    private void readSources() throws IOException {
        try (ZipFile zip = new ZipFile(sources().toFile())) {
            for (ZipEntry entry : zip.stream()
                    .filter(entry -> entry.getName().startsWith("java.base/")
                            && entry.getName().endsWith(".java"))
                    .toList()) {
                if (code.size() >= LINES) {
                    return;
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .forEach(line -> add(code, line));
                }
            }
        }
    }

    private static void add(List<String> lines, String line) {
        if (line.strip().length() > 8) {
            lines.add(line);
        }
    }

    /** The sources of the JDK that runs this program. */
    static Path sources() {
        return Path.of(System.getProperty("java.home"), "lib", "src.zip");
    }

    /** Draws a document of 20 to 120 lines; prose three times of four. */
    List<String> draw(SplittableRandom random) {
        List<String> lines = random.nextInt(4) == 0 ? code : prose;
        int count = random.nextInt(20, 120);
        List<String> document = new ArrayList<>(count);
        for (int line = 0; line < count; line++) {
            document.add(lines.get(random.nextInt(lines.size())));
        }
        return document;
    }
}

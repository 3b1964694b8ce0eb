package io.rootstock.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Real English prose and code for tests: the project's documents and the main sources of its libraries. */
public final class RealTexts {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    private RealTexts() {}

    /** Markdown documents, in order of their paths. */
    public static List<String> documents() {
        return read(ROOT.resolve("docs"), ".md");
    }

    /** Java sources without tests, in order of their paths. */
    public static List<String> sources() {
        return read(ROOT.resolve("libs"), ".java").stream()
                .filter(source -> !source.contains("org.junit"))
                .toList();
    }

    private static List<String> read(Path folder, String ending) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean skipped = List.of("target", "test")
                            .contains(directory.getFileName().toString());
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(ending)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            files.sort(null);
            List<String> texts = new ArrayList<>();
            for (Path file : files) {
                texts.add(Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

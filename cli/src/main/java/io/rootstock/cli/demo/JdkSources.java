package io.rootstock.cli.demo;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Java sources with documented types: a JDK's {@code lib/src.zip} ({@code module/package/Type.java}), another archive
 * of that layout, or a folder.
 */
final class JdkSources {
    private JdkSources() {}

    /** The archive or folder to read: the given one, else the running JDK's, else another JDK's beside it. */
    static Path locate(Path given) {
        if (given != null) {
            if (!Files.exists(given)) {
                throw new CliException(
                        "no corpus at " + given, "--corpus takes a JDK's src.zip, or a folder of Java sources");
            }
            return given;
        }
        Path home = Path.of(System.getProperty("java.home"));
        Path own = home.resolve("lib/src.zip");
        if (Files.isReadable(own)) {
            return own;
        }
        try (Stream<Path> beside = Files.list(home.getParent())) {
            return beside.sorted()
                    .map(jdk -> jdk.resolve("lib/src.zip"))
                    .filter(Files::isReadable)
                    .findFirst()
                    .orElseThrow(() -> missing(own));
        } catch (IOException unreadable) {
            throw missing(own);
        }
    }

    private static CliException missing(Path looked) {
        return new CliException(
                "the JDK carries no sources: " + looked + " is missing",
                "install them (Debian: apt install openjdk-25-source), or name another src.zip"
                        + " or a folder of Java sources: rootstock demo --corpus FILE");
    }

    /**
     * Reads every source file whose path is wanted, in parallel.
     *
     * @param wanted told paths such as {@code java.base/java/util/List.java}
     * @param read from path and text to a result
     * @return the results, by path
     */
    static <T> List<T> read(
            Path corpus, java.util.function.Predicate<String> wanted, BiFunction<String, String, T> read) {
        try {
            return Files.isDirectory(corpus) ? readFolder(corpus, wanted, read) : readArchive(corpus, wanted, read);
        } catch (IOException failure) {
            throw new CliException(
                    "cannot read " + corpus + ": " + failure.getMessage(),
                    "--corpus takes a JDK's src.zip, or a folder of Java sources");
        }
    }

    private static <T> List<T> readArchive(
            Path corpus, java.util.function.Predicate<String> wanted, BiFunction<String, String, T> read)
            throws IOException {
        try (ZipFile archive = new ZipFile(corpus.toFile())) {
            List<String> names = archive.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".java"))
                    .filter(wanted)
                    .sorted()
                    .toList();
            return names.parallelStream()
                    .map(name -> read.apply(name, text(archive, name)))
                    .toList();
        }
    }

    private static String text(ZipFile archive, String name) {
        try (InputStream input = archive.getInputStream(archive.getEntry(name))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static <T> List<T> readFolder(
            Path folder, java.util.function.Predicate<String> wanted, BiFunction<String, String, T> read)
            throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
        }
        return files.parallelStream()
                .filter(file -> wanted.test(folder.relativize(file).toString()))
                .map(file -> read.apply(folder.relativize(file).toString(), text(file)))
                .toList();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package io.rootstock.cli.demo;

import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.JavaHome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads Java sources: the {@code lib/src.zip} of a JDK ({@code module/package/Type.java}), an archive with the same layout,
 * or a directory.
 */
final class JdkSources {
    private JdkSources() {}

    /** The given corpus, else the sources of the running JDK, else of another JDK in the same directory. */
    static Path locate(Path given) {
        if (given != null) {
            if (!Files.exists(given)) {
                throw new CliException(
                        "corpus not found: " + given,
                        "set --corpus to the src.zip of a JDK or a directory of Java sources");
            }
            return given;
        }
        Path home = JavaHome.find();
        Path runningJdk = home.resolve("lib/src.zip");
        if (Files.isReadable(runningJdk)) {
            return runningJdk;
        }
        try (Stream<Path> jdks = Files.list(home.getParent())) {
            return jdks.sorted()
                    .map(jdk -> jdk.resolve("lib/src.zip"))
                    .filter(Files::isReadable)
                    .findFirst()
                    .orElseThrow(() -> missing(runningJdk));
        } catch (IOException unreadable) {
            throw missing(runningJdk);
        }
    }

    private static CliException missing(Path path) {
        return new CliException(
                "JDK sources not found: " + path,
                "install them (Debian: apt install openjdk-25-source), or set --corpus to the src.zip of a JDK or a"
                        + " directory of Java sources");
    }

    /**
     * Reads the selected source files in parallel.
     *
     * @param filter selects paths, for example {@code java.base/java/util/List.java}
     * @param read maps path and content to a result
     * @return the results, sorted by path
     */
    static <T> List<T> read(Path corpus, Predicate<String> filter, BiFunction<String, String, T> read) {
        try {
            return Files.isDirectory(corpus) ? readDirectory(corpus, filter, read) : readArchive(corpus, filter, read);
        } catch (IOException failure) {
            throw new CliException(
                    "cannot read " + corpus + ": " + failure.getMessage(),
                    "set --corpus to the src.zip of a JDK or a directory of Java sources");
        }
    }

    private static <T> List<T> readArchive(Path corpus, Predicate<String> filter, BiFunction<String, String, T> read)
            throws IOException {
        try (ZipFile archive = new ZipFile(corpus.toFile())) {
            List<String> names = archive.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".java"))
                    .filter(filter)
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

    private static <T> List<T> readDirectory(
            Path directory, Predicate<String> filter, BiFunction<String, String, T> read) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
        }
        return files.parallelStream()
                .filter(file -> filter.test(directory.relativize(file).toString()))
                .map(file -> read.apply(directory.relativize(file).toString(), text(file)))
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

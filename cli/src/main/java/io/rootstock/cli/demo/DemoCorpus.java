package io.rootstock.cli.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The demo's files under {@code demo/}: extracted once from the Java sources, used again while the sources stay the
 * same.
 *
 * @param folder where the files are
 * @param types documented types read
 * @param bytes UTF-8 bytes of their prose
 */
record DemoCorpus(Path folder, long types, long bytes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Changes with the extraction, so that old files are not used for new. */
    private static final String FORMAT = "2";

    private static final Pattern PUBLIC =
            Pattern.compile("(java|javax|jdk|org|com/sun/(net|source|tools/attach|jdi|nio))/");
    /** As many as a demo gets to see in its time. */
    private static final int MOST_INSTRUCTIONS = 12_000;

    private static final int MOST_INSTRUCTIONS_HELD_OUT = 600;
    private static final int MOST_PER_CLASS = 1500;
    private static final int MOST_PER_CLASS_HELD_OUT = 250;

    /** What the files were made from. */
    private record Stamp(String format, String corpus, long corpusBytes, long types, long bytes) {}

    /** The training documents of a source of the mixture. */
    Path documents(String source) {
        return folder.resolve(source + ".jsonl");
    }

    /** The held-out documents of all sources. */
    Path heldOutDocuments() {
        return folder.resolve("held-out.jsonl");
    }

    /** Instruction rows of a split. */
    Path instructions(DemoSplit split) {
        return folder.resolve("instructions-" + split.split() + ".jsonl");
    }

    /** Classification rows of a split. */
    Path packages(DemoSplit split) {
        return folder.resolve("packages-" + split.split() + ".jsonl");
    }

    /** The files made earlier from the same sources, if they are there. */
    static Optional<DemoCorpus> existing(Path folder, Path corpus) {
        try {
            Stamp stamp = JSON.readValue(Files.readAllBytes(folder.resolve("corpus.json")), Stamp.class);
            boolean same = stamp.format().equals(FORMAT)
                    && stamp.corpus().equals(corpus.toString())
                    && stamp.corpusBytes() == Files.size(corpus);
            return same ? Optional.of(new DemoCorpus(folder, stamp.types(), stamp.bytes())) : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Reads the sources and writes all files. */
    static DemoCorpus extract(Path folder, Path corpus) {
        List<DocumentedType> types = JdkSources.read(corpus, DemoCorpus::isPublicLibrary, JavadocReader::read).stream()
                .flatMap(Optional::stream)
                .toList();
        Map<DemoSplit, List<DocumentedType>> parts = new EnumMap<>(DemoSplit.class);
        for (DemoSplit part : DemoSplit.values()) {
            parts.put(
                    part,
                    types.stream()
                            .filter(type -> DemoSplit.of(type.qualifiedName()) == part)
                            .toList());
        }
        long bytes = types.stream()
                .mapToLong(type -> type.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        DemoCorpus made = new DemoCorpus(folder, types.size(), bytes);
        try {
            Files.createDirectories(folder);
            for (PretrainingRows.Source source : PretrainingRows.SOURCES) {
                write(
                        made.documents(source.name()),
                        documents(parts.get(DemoSplit.TRAIN).stream()
                                .filter(type ->
                                        PretrainingRows.sourceOf(type.module()).equals(source.name()))
                                .toList()));
            }
            write(made.heldOutDocuments(), documents(parts.get(DemoSplit.VALIDATION)));
            for (DemoSplit part : DemoSplit.values()) {
                int mostRows = part == DemoSplit.TRAIN ? MOST_INSTRUCTIONS : MOST_INSTRUCTIONS_HELD_OUT;
                write(made.instructions(part), InstructionRows.of(parts.get(part), mostRows));
                int most = part == DemoSplit.TRAIN ? MOST_PER_CLASS : MOST_PER_CLASS_HELD_OUT;
                write(made.packages(part), PackageRows.of(parts.get(part), most));
            }
            Files.write(
                    folder.resolve("corpus.json"),
                    JSON.writeValueAsBytes(
                            new Stamp(FORMAT, corpus.toString(), Files.size(corpus), made.types(), made.bytes())));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the demo's files in " + folder, failure);
        }
        return made;
    }

    /** The public libraries of a JDK, not its insides; everything outside a JDK's layout. */
    private static boolean isPublicLibrary(String path) {
        int slash = path.indexOf('/');
        String inModule = path.substring(slash + 1);
        boolean module = slash > 0 && path.substring(0, slash).contains(".");
        return !module || (PUBLIC.matcher(inModule).lookingAt() && !inModule.contains("/internal/"));
    }

    private record Document(String text) {}

    private static List<Document> documents(List<DocumentedType> types) {
        return types.stream()
                .filter(PretrainingRows::isDocument)
                .map(type -> new Document(type.text()))
                .toList();
    }

    private static void write(Path file, List<?> rows) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (SequenceWriter writer = JSON.writer().withRootValueSeparator("\n").writeValues(temporary.toFile())) {
            writer.writeAll(rows);
        }
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The texts of a file of documents. */
    static List<String> texts(Path file) {
        return read(file, Document.class).stream().map(Document::text).toList();
    }

    /** The rows of a file of instructions. */
    static List<InstructionRows.Row> instructionRows(Path file) {
        return read(file, InstructionRows.Row.class);
    }

    /** The rows of a file of labelled sentences. */
    static List<PackageRows.Row> packageRows(Path file) {
        return read(file, PackageRows.Row.class);
    }

    private static <T> List<T> read(Path file, Class<T> type) {
        try (MappingIterator<T> rows = JSON.readerFor(type).readValues(file.toFile())) {
            return rows.readAll();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }
}

package io.rootstock.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import io.rootstock.cli.demo.JavadocReader.DocumentedType;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Training files of the demo below {@code demo/}, extracted once from Java sources and reused while the sources are unchanged.
 *
 * @param directory directory of the files
 * @param types number of documented types
 * @param bytes UTF-8 bytes of their text
 */
record DemoCorpus(Path directory, long types, long bytes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Version of the extraction; files of another version are not reused. */
    private static final String FORMAT = "3";

    private static final Pattern PUBLIC =
            Pattern.compile("(java|javax|jdk|org|com/sun/(net|source|tools/attach|jdi|nio))/");
    private static final int TRAINING_ROWS = 4000;
    private static final int HELD_OUT_ROWS = 500;

    /** Identifies the sources of the files. */
    private record Fingerprint(String format, String corpus, long corpusBytes, long types, long bytes) {}

    /** The training documents of a source of the mixture. */
    Path documents(String source) {
        return directory.resolve(source + ".jsonl");
    }

    /** The held-out documents of all sources. */
    Path heldOutDocuments() {
        return directory.resolve("held-out.jsonl");
    }

    /** Instruction rows of a split. */
    Path streams(DemoSplit split) {
        return directory.resolve("streams-" + split.split() + ".jsonl");
    }

    /** Classification rows of a split. */
    Path steps(DemoSplit split) {
        return directory.resolve("steps-" + split.split() + ".jsonl");
    }

    /** The files of an earlier run from the same sources, if they exist. */
    static Optional<DemoCorpus> existing(Path directory, Path corpus) {
        try {
            Fingerprint fingerprint =
                    JSON.readValue(Files.readAllBytes(directory.resolve("corpus.json")), Fingerprint.class);
            boolean same = fingerprint.format().equals(FORMAT)
                    && fingerprint.corpus().equals(corpus.toString())
                    && fingerprint.corpusBytes() == Files.size(corpus);
            return same
                    ? Optional.of(new DemoCorpus(directory, fingerprint.types(), fingerprint.bytes()))
                    : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Reads the sources and writes all files. */
    static DemoCorpus extract(Path directory, Path corpus) {
        List<DocumentedType> types = JdkSources.read(corpus, DemoCorpus::isPublicLibrary, JavadocReader::read).stream()
                .flatMap(Optional::stream)
                .toList();
        Map<DemoSplit, List<DocumentedType>> splits = new EnumMap<>(DemoSplit.class);
        for (DemoSplit split : DemoSplit.values()) {
            splits.put(
                    split,
                    types.stream()
                            .filter(type -> DemoSplit.of(type.qualifiedName()) == split)
                            .toList());
        }
        long bytes = types.stream()
                .mapToLong(type -> type.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        DemoCorpus corpusFiles = new DemoCorpus(directory, types.size(), bytes);
        try {
            Files.createDirectories(directory);
            for (PretrainingRows.Source source : PretrainingRows.SOURCES) {
                write(
                        corpusFiles.documents(source.name()),
                        documents(splits.get(DemoSplit.TRAIN).stream()
                                .filter(type ->
                                        PretrainingRows.sourceOf(type.module()).equals(source.name()))
                                .toList()));
            }
            write(corpusFiles.heldOutDocuments(), documents(splits.get(DemoSplit.VALIDATION)));
            for (DemoSplit split : DemoSplit.values()) {
                int rows = split == DemoSplit.TRAIN ? TRAINING_ROWS : HELD_OUT_ROWS;
                write(corpusFiles.streams(split), StreamRows.of(split, rows));
                write(corpusFiles.steps(split), StepRows.of(split, rows));
            }
            Files.write(
                    directory.resolve("corpus.json"),
                    JSON.writeValueAsBytes(new Fingerprint(
                            FORMAT, corpus.toString(), Files.size(corpus), corpusFiles.types(), corpusFiles.bytes())));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write files of the demo in " + directory, failure);
        }
        return corpusFiles;
    }

    /** Whether a file belongs to a public library of a JDK, or does not have the layout of a JDK. */
    static boolean isPublicLibrary(String path) {
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
        AtomicFile.write(file, channel -> {
            try (SequenceWriter writer = JSON.writer()
                    .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                    .withRootValueSeparator("\n")
                    .writeValues(Channels.newOutputStream(channel))) {
                writer.writeAll(rows);
            }
        });
    }

    /** The texts of a file of documents. */
    static List<String> texts(Path file) {
        return read(file, Document.class).stream().map(Document::text).toList();
    }

    /** Instruction rows of a split, as written. */
    List<StreamRows.Row> streamRows(DemoSplit split) {
        return read(streams(split), StreamRows.Row.class);
    }

    /** Classification rows of a split, as written. */
    List<StepRows.Row> stepRows(DemoSplit split) {
        return read(steps(split), StepRows.Row.class);
    }

    private static <T> List<T> read(Path file, Class<T> type) {
        try (MappingIterator<T> rows = JSON.readerFor(type).readValues(file.toFile())) {
            return rows.readAll();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** Pre-training documents, one per type, grouped by source. */
    static final class PretrainingRows {
        /**
         * @param name name of the source
         * @param weight sampling weight
         */
        record Source(String name, double weight) {}

        /** Sources and their weights; java.base has the cleanest text. */
        static final List<Source> SOURCES = List.of(
                new Source("java.base", 0.5),
                new Source("java.desktop", 0.2),
                new Source("java.others", 0.15),
                new Source("jdk.tools", 0.15));

        private static final int MIN_LENGTH = 200;

        private PretrainingRows() {}

        /** The source of the types of a module. */
        static String sourceOf(String module) {
            return switch (module) {
                case "java.base", "" -> "java.base";
                case "java.desktop" -> "java.desktop";
                default -> module.startsWith("java.") ? "java.others" : "jdk.tools";
            };
        }

        /** Whether the text of a type is long enough for a document. */
        static boolean isDocument(DocumentedType type) {
            return type.text().length() >= MIN_LENGTH;
        }
    }
}

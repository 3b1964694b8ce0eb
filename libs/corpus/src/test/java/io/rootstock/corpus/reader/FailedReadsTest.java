package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.storage.LocalFile;
import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StorageRoot;
import io.rootstock.corpus.storage.StoredFile;
import io.rootstock.corpus.storage.StoredObject;
import io.rootstock.corpus.unit.InputFile;
import io.rootstock.corpus.unit.InputPlace;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.corpus.unit.UnitPlanner;
import io.rootstock.corpus.unit.UnitSettings;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage that fails in the middle of a file fails the unit: parsers would report a damaged file, whose rest is skipped. */
class FailedReadsTest {
    private static final ReadSettings SETTINGS =
            ReadSettings.DEFAULT.withFields(new DocumentFields("text", "url", "license"));

    @TempDir
    private Path directory;

    /** Files of a directory, of which no byte after a number of bytes can be read. */
    private record FailingRoot(Path directory, long bytes) implements StorageRoot {
        @Override
        public String address() {
            return "test://directory";
        }

        @Override
        public String prefix() {
            return "test://directory/";
        }

        @Override
        public void list(String beginning, boolean flat, int most, Consumer<StoredObject> each) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<StoredObject> find(String address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoredFile open(StoredObject object) {
            try {
                Path path = directory.resolve(object.address().substring(prefix().length()));
                return new FailingFile(LocalFile.open(path), bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record FailingFile(LocalFile file, long end) implements StoredFile {
        @Override
        public long bytes() throws IOException {
            return file.bytes();
        }

        @Override
        public int read(ByteBuffer buffer, long offset) throws IOException {
            return file.read(buffer, offset);
        }

        @Override
        public InputStream stream(long from, long to) {
            return new FilterInputStream(file.stream(from, to)) {
                private long position = from;

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    if (position >= end) {
                        throw new StorageException("test://directory/a", "the server does not answer", null);
                    }
                    int read = super.read(buffer, offset, (int) Math.min(length, end - position));
                    position += Math.max(0, read);
                    return read;
                }
            };
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.txt", "a.warc", "a.json", "a.csv", "a.parquet"})
    void aFailedReadIsNotReportedAsDamage(String name) throws IOException {
        write(name);
        long bytes = Files.size(directory.resolve(name));
        Unit unit = stored(name, bytes / 2);
        assertThatThrownBy(() -> new UnitReader(SETTINGS).read(unit, new Texts()))
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(StorageException.class),
                        e -> assertThat(e).hasCauseInstanceOf(StorageException.class))
                .hasMessageContaining("the server does not answer");
    }

    @Test
    void aStoredParquetFileGivesTheDocumentsOfTheLocalOne() throws IOException {
        write("a.parquet");
        Unit local = planned("a.parquet");
        Texts expected = new Texts();
        UnitSummary summary = new UnitReader(SETTINGS).read(local, expected);
        Texts read = new Texts();
        UnitSummary stored = new UnitReader(SETTINGS).read(stored("a.parquet", Long.MAX_VALUE), read);
        assertThat(read.texts).isEqualTo(expected.texts).hasSize(999);
        assertThat(stored).isEqualTo(summary);
    }

    private Unit planned(String name) {
        return new UnitPlanner(InputRoots.of(directory, List.of(directory)), UnitSettings.DEFAULT)
                .plan(List.of(name))
                .units()
                .getFirst();
    }

    private Unit stored(String name, long readable) {
        Unit unit = planned(name);
        InputFile file = unit.file();
        InputPlace place =
                new InputPlace.Stored(new FailingRoot(directory, readable), "test://directory/" + name, "version");
        return new Unit(
                new InputFile(file.name(), place, file.format(), file.compression(), file.bytes()), unit.range(), "");
    }

    private void write(String name) throws IOException {
        Path file = directory.resolve(name);
        String row = "{\"text\":\"some words of a row\"}";
        String rows = (row + "\n").repeat(20_000);
        switch (name) {
            case "a.jsonl" -> Files.writeString(file, rows);
            case "a.jsonl.gz" -> {
                try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                    out.write(rows.getBytes(StandardCharsets.UTF_8));
                }
            }
            case "a.txt" -> Files.writeString(file, "words of a line\n\n".repeat(20_000));
            case "a.warc" ->
                Files.writeString(
                        file,
                        "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 5\r\n\r\nwords\r\n\r\n".repeat(10_000));
            case "a.json" -> Files.writeString(file, "[" + (row + ",").repeat(20_000) + row + "]");
            case "a.csv" -> Files.writeString(file, "text,id\n" + "\"some, words\",1\n".repeat(20_000));
            case "a.parquet" -> {
                try (InputStream in = FailedReadsTest.class.getResourceAsStream("/parquet/none.parquet")) {
                    Files.copy(in, file);
                }
            }
            default -> throw new IllegalArgumentException(name);
        }
    }

    /** Collects texts. */
    private static final class Texts implements RecordHandler {
        private final List<String> texts = new ArrayList<>();

        @Override
        public void document(Document document) {
            texts.add(new String(document.text().utf8(), StandardCharsets.UTF_8));
        }

        @Override
        public void refused(RefusedRecord record) {
            // Not compared.
        }
    }
}

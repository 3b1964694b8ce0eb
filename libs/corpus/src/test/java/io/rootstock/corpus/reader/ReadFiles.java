package io.rootstock.corpus.reader;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.corpus.unit.UnitPlanner;
import io.rootstock.corpus.unit.UnitSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Reads a file of a directory with a reader and collects the results. */
final class ReadFiles implements RecordHandler {
    final List<Document> documents = new ArrayList<>();
    final List<RefusedRecord> refused = new ArrayList<>();
    final List<UnitSummary> summaries = new ArrayList<>();

    static ReadFiles of(Path file, ReadSettings settings) throws IOException {
        return of(file, settings, 1 << 20);
    }

    static ReadFiles of(Path file, ReadSettings settings, long unitBytes) throws IOException {
        UnitSettings plan = new UnitSettings(unitBytes, settings.text(), settings.encoding());
        Path base = file.getParent().toRealPath();
        ReadFiles read = new ReadFiles();
        for (Unit unit : new UnitPlanner(InputRoots.of(base, List.of(base)), plan)
                .plan(List.of(file.getFileName().toString()))
                .units()) {
            read.summaries.add(new UnitReader(settings).read(unit, read));
        }
        return read;
    }

    @Override
    public void document(Document document) {
        documents.add(document);
    }

    @Override
    public void refused(RefusedRecord record) {
        refused.add(record);
    }

    List<String> texts() {
        return documents.stream().map(document -> document.text().toString()).toList();
    }

    List<String> locations() {
        return documents.stream().map(Document::location).toList();
    }

    RefusedRecord rest() {
        return summaries.getLast().unreadableRest().orElseThrow();
    }

    static Path write(Path file, String content) throws IOException {
        return Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(byte[]... members) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (byte[] member : members) {
            OutputStream gzip = new GZIPOutputStream(file);
            gzip.write(member);
            gzip.close();
        }
        return file.toByteArray();
    }
}

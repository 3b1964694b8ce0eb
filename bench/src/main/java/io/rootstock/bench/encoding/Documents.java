package io.rootstock.bench.encoding;

import io.rootstock.bench.BenchmarkData;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Texts of several languages in documents of about 16 KB that end with a line.
 *
 * @param texts text of each document
 */
record Documents(List<String> texts) {
    private static final int CHARACTERS = 16_000;
    private static final int MAX_TEXT_LENGTH = 5_000_000;

    Documents {
        texts = List.copyOf(texts);
    }

    /** Returns texts by their name. French, and translations of messages, are from the JDK's sources. */
    static Map<String, Documents> all() throws IOException {
        Map<String, Documents> all = new LinkedHashMap<>();
        all.put(
                "English",
                split(read("books/war-and-peace.txt")
                        + read("books/moby-dick.txt")
                        + read("books/sherlock-holmes.txt")));
        all.put("German", split(unzipped("evaluation/translation/train.de.gz")));
        all.put("French", split(sources(".*_fr(_[A-Z]+)?\\.java")));
        all.put("Korean", split(read("evaluation/korean/nsmc-test.tsv") + read("evaluation/korean/chatbot.csv")));
        all.put("code", split(sources("java\\.base/java/.*\\.java")));
        return all;
    }

    /** Returns the documents with an even index. */
    Documents even() {
        return part(0);
    }

    /** Returns the documents with an odd index. */
    Documents odd() {
        return part(1);
    }

    private Documents part(int first) {
        List<String> part = new ArrayList<>();
        for (int i = first; i < texts.size(); i += 2) {
            part.add(texts.get(i));
        }
        return new Documents(part);
    }

    /** Returns the documents in UTF-8. */
    List<byte[]> bytes() {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** Writes, for each document, its number of bytes (int) and its UTF-8. */
    Path write(Path file) throws IOException {
        try (DataOutputStream output = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (byte[] document : bytes()) {
                output.writeInt(document.length);
                output.write(document);
            }
        }
        return file;
    }

    private static Documents split(String text) {
        List<String> documents = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int line = text.indexOf('\n', Math.min(text.length(), from + CHARACTERS));
            int to = line < 0 ? text.length() : line + 1;
            documents.add(text.substring(from, to));
            from = to;
        }
        return new Documents(documents);
    }

    private static String read(String name) throws IOException {
        return Files.readString(BenchmarkData.file(name));
    }

    private static String unzipped(String name) throws IOException {
        try (InputStream input = new GZIPInputStream(Files.newInputStream(BenchmarkData.file(name)))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sources(String name) throws IOException {
        Path archive = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (!Files.exists(archive)) {
            throw new IllegalStateException(archive + " is missing; use a JDK with its sources");
        }
        Pattern pattern = Pattern.compile(name);
        StringBuilder text = new StringBuilder();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (pattern.matcher(entry.getName()).matches() && text.length() < MAX_TEXT_LENGTH) {
                    try (InputStream input = zip.getInputStream(entry)) {
                        text.append(new String(input.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return text.toString();
    }
}

package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Documents of the stages: news, chapters of books in parts, source files of the JDK, and Korean film reviews; one of twenty has personal
 * data, one of ten is repeated, with or without changes.
 *
 * @param documents the documents
 * @param pages each document as a web page with navigation and a footer
 * @param originals for each document the number of the document that it repeats, with or without changes; else its own number
 * @param file both as JSON lines, fields {@code number}, {@code text} and {@code html}
 */
record StageDocuments(List<Document> documents, List<String> pages, List<Integer> originals, Path file) {
    private static final int PART = 4_000;
    private static final int MAX = 30_000;
    private static final int REVIEWS = 40;
    private static final JsonMapper JSON = new JsonMapper();

    /** Takes documents of about this many bytes; the same ones for the same number. */
    static StageDocuments write(Path folder, long bytes) throws IOException {
        List<Integer> originals = new ArrayList<>();
        List<String> texts = drawn(sources(), bytes, originals);
        List<Document> documents = new ArrayList<>();
        List<String> pages = new ArrayList<>();
        Path file = folder.resolve("documents.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (String text : texts) {
                String page = page(text);
                out.write(JSON.writeValueAsString(JSON.createObjectNode()
                                .put("number", Integer.toString(documents.size()))
                                .put("url", PlantedCorpus.ADDRESS + documents.size())
                                .put("text", text)
                                .put("html", page))
                        + "\n");
                documents.add(new Document("documents:" + documents.size(), "", "", Text.of(text)));
                pages.add(page);
            }
        }
        return new StageDocuments(documents, pages, originals, file);
    }

    private static List<String> sources() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(BenchmarkData.file("evaluation/summaries/xsum-test.jsonl"))) {
            JSON.readTree(line).properties().stream()
                    .filter(field -> field.getKey().equals("document"))
                    .forEach(field -> texts.add(field.getValue().asText()));
        }
        try (Stream<Path> books = Files.list(BenchmarkData.file("books"))) {
            for (Path book : books.sorted().toList()) {
                addParts(Files.readString(book).replace("\r\n", "\n"), texts);
            }
        }
        List<String> reviews = Files.readAllLines(BenchmarkData.file("evaluation/korean/nsmc-test.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t", -1)[1])
                .toList();
        for (int from = 0; from + REVIEWS <= 16_000; from += REVIEWS) {
            texts.add(reviews.subList(from, from + REVIEWS).stream().collect(Collectors.joining("\n")));
        }
        try (ZipFile zip = new ZipFile(LinePool.sources().toFile())) {
            for (ZipEntry entry : zip.stream()
                    .filter(entry -> entry.getName().startsWith("java.base/java/")
                            && entry.getSize() < MAX
                            && entry.getName().endsWith(".java"))
                    .toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        Collections.shuffle(texts, new java.util.Random(4));
        return texts;
    }

    /** Divides a book at blank lines. */
    private static void addParts(String book, List<String> texts) {
        StringBuilder part = new StringBuilder();
        for (String paragraph : book.split("\n{2,}", -1)) {
            part.append(paragraph).append("\n\n");
            if (part.length() > PART) {
                texts.add(part.toString().strip());
                part.setLength(0);
            }
        }
    }

    private static List<String> drawn(List<String> sources, long bytes, List<Integer> originals) {
        SplittableRandom random = new SplittableRandom(5);
        PersonalData personal = new PersonalData(random.split());
        List<String> texts = new ArrayList<>();
        long size = 0;
        for (int next = 0; size < bytes && next < sources.size(); ) {
            int draw = texts.size() < 20 ? 99 : random.nextInt(20);
            String text;
            if (draw < 2) {
                int original = random.nextInt(texts.size());
                text = texts.get(original);
                text = draw == 0 ? text : Similarity.copy(text, random.nextDouble(0.85, 0.98), random);
                originals.add(originals.get(original));
            } else {
                text = sources.get(next++);
                originals.add(originals.size());
                if (draw == 2) {
                    text += "\nWrite to " + personal.next(io.rootstock.corpus.privacy.PiiKind.EMAIL) + " or call "
                            + personal.next(io.rootstock.corpus.privacy.PiiKind.PHONE) + ".";
                }
            }
            texts.add(text);
            size += text.getBytes(StandardCharsets.UTF_8).length;
        }
        return texts;
    }

    private static String page(String text) {
        String paragraphs = Stream.of(text.split("\n{2,}", -1))
                .map(paragraph -> "<p>"
                        + paragraph
                                .strip()
                                .replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace("\n", " ") + "</p>\n")
                .collect(Collectors.joining());
        return "<!doctype html><html><head><title>A page of this site</title><style>p { margin: 1em }</style></head><body>"
                + "<nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/news\">News</a></li><li><a href=\"/about\">About us</a></li>"
                + "</ul></nav><main>" + paragraphs + "</main><aside><a href=\"/more\">More of this</a></aside><footer>"
                + "All rights reserved</footer></body></html>";
    }

    /** Bytes of the texts in UTF-8. */
    long bytes() {
        return documents.stream()
                .mapToLong(document -> document.text().length())
                .sum();
    }
}

package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.WarcCompression;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcWriter;

/**
 * Raw files with planted duplicates, near duplicates and personal data: documents of lines drawn from the JDK's sources and
 * from books as JSON lines, and the same kind of documents as pages of web archives.
 *
 * @param folder folder of the files
 * @param bytes approximate number of bytes of the JSON lines; web archives hold a tenth of it before compression
 */
record RawCorpus(Path folder, long bytes) {
    private static final int FILE_BYTES = 64 << 20;
    private static final int KNOWN = 2_000;
    private static final int VOCABULARY = 8_000;
    private static final int TRAINED_DOCUMENTS = 1_000;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant DATE = Instant.parse("2026-01-01T00:00:00Z");

    /** The recipe of the files. */
    static final String RECIPE = """
            version: 1
            sources:
            - {name: lines, files: "lines/*.jsonl", weight: 3}
            - {name: web, files: "web/*.warc.gz", weight: 1}
            unit_bytes: 16777216
            steps:
            - unicode-repair
            - gopher-quality: {min_stop_words: 0, min_alphabetic_words: 0.5}
            - gopher-repetition
            - pii-masking
            - exact-duplicates
            - frequent-lines: {max_documents: 2000}
            - near-duplicates
            tokenizer: tokenizers/small
            splits: {validation: 0.01, test: 0.01}
            """;

    /** Directory of the recipe's tokenizer in the folder. */
    static final String TOKENIZER = "tokenizer";

    /** Number of planted documents by kind. */
    record Planted(int documents, int equal, int similar, int personal) {}

    /** Writes the files; the same bytes for the same size. */
    Planted write(LinePool pool) throws IOException {
        Documents documents = new Documents(pool, new SplittableRandom(1));
        Files.createDirectories(folder.resolve("lines"));
        Files.createDirectories(folder.resolve("web"));
        long written = 0;
        for (int file = 0; written < bytes; file++) {
            Path path = folder.resolve("lines").resolve("%04d.jsonl".formatted(file));
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
                long end = Math.min(bytes, written + FILE_BYTES);
                while (written < end) {
                    byte[] row = row(documents.next(), documents.count);
                    out.write(row);
                    written += row.length;
                }
            }
        }
        writePages(documents);
        writeTokenizer(pool);
        Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
        return new Planted(documents.count, documents.equal, documents.similar, documents.personal);
    }

    /** Trains a tokenizer of {@value #VOCABULARY} tokens on documents of the pool. */
    private void writeTokenizer(LinePool pool) throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        Path directory = Files.createDirectories(folder.resolve(TOKENIZER));
        try (WordCounter counter = new WordCounter(SplitPattern.CL100K, 1, WordCounter.MAX_WORDS)) {
            for (int document = 0; document < TRAINED_DOCUMENTS; document++) {
                counter.add(String.join("\n", pool.draw(random)));
            }
            Vocabulary vocabulary =
                    BpeTrainer.train(counter, VOCABULARY, 1, learned -> {}).vocabulary();
            TokenizerWriter.write(
                    new Tokenizer(vocabulary, SplitPattern.CL100K, SpecialToken.DEFAULT, ChatTemplate.CHATML),
                    directory);
        }
    }

    private static byte[] row(String text, int number) throws IOException {
        return (JSON.writeValueAsString(
                                JSON.createObjectNode().put("text", text).put("url", "https://example.org/l/" + number))
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void writePages(Documents documents) throws IOException {
        long written = 0;
        for (int file = 0; written < bytes / 10; file++) {
            Path path = folder.resolve("web").resolve("%04d.warc.gz".formatted(file));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    WarcWriter writer = new WarcWriter(channel, WarcCompression.GZIP)) {
                long end = Math.min(bytes / 10, written + FILE_BYTES);
                while (written < end) {
                    byte[] page = page(documents.next());
                    writer.write(new WarcResponse.Builder(URI.create("https://example.org/w/" + documents.count))
                            .date(DATE)
                            .recordId(URI.create("urn:uuid:00000000-0000-0000-0000-%012d".formatted(documents.count)))
                            .body(MediaType.HTTP_RESPONSE, page)
                            .build());
                    written += page.length;
                }
            }
        }
    }

    private static byte[] page(String text) {
        StringBuilder html = new StringBuilder("<!doctype html><html><head><title>Page</title></head><body>"
                + "<nav><a href=\"/\">Home</a> <a href=\"/about\">About us</a></nav><main>");
        for (String line : text.split("\n", -1)) {
            html.append("<p>")
                    .append(line.replace("&", "&amp;").replace("<", "&lt;"))
                    .append("</p>\n");
        }
        byte[] body = html.append("</main><footer>All rights reserved</footer></body></html>")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] response = new byte[head.length + body.length];
        System.arraycopy(head, 0, response, 0, head.length);
        System.arraycopy(body, 0, response, head.length, body.length);
        return response;
    }

    /** Draws documents: one of ten equals an earlier one, one of ten is similar to one, one of twenty has personal data. */
    private static final class Documents {
        private final LinePool pool;
        private final SplittableRandom random;
        private final List<List<String>> known = new ArrayList<>();
        private int count;
        private int equal;
        private int similar;
        private int personal;

        Documents(LinePool pool, SplittableRandom random) {
            this.pool = pool;
            this.random = random;
        }

        String next() {
            count++;
            int kind = known.size() < KNOWN ? 9 : random.nextInt(20);
            if (kind < 2) {
                equal++;
                return String.join("\n", known.get(random.nextInt(KNOWN)));
            }
            if (kind < 4) {
                similar++;
                List<String> lines = new ArrayList<>(known.get(random.nextInt(KNOWN)));
                lines.set(random.nextInt(lines.size()), "Edited line number " + count + " of this copy.");
                return String.join("\n", lines);
            }
            List<String> lines = pool.draw(random);
            if (kind == 4) {
                personal++;
                lines.add("Write to user" + count + "@mail.example.org or call +49 30 "
                        + (1_000_000 + count % 9_000_000) + ".");
            }
            if (known.size() < KNOWN) {
                known.add(lines);
            }
            return String.join("\n", lines);
        }
    }
}

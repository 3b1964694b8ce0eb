package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.privacy.PiiKind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * JSON lines whose duplicates, personal data and evaluation rows are known. The field {@code url} ends in the number of the document.
 *
 * @param documents kind and truth of each document, by its number
 * @param bytes bytes of the texts
 */
record PlantedCorpus(List<Planted> documents, long bytes) {
    /** Base of the addresses. */
    static final String ADDRESS = "https://example.org/";

    private static final int FILE_BYTES = 16 << 20;
    private static final int KNOWN = 3_000;
    private static final List<PiiKind> PII = List.of(PiiKind.values());
    private static final JsonMapper JSON = new JsonMapper();

    /** A document's kind. */
    enum Kind {
        /** Lines drawn at random. */
        ORIGINAL,
        /** An original once more. */
        EQUAL,
        /** A copy of an original with a Jaccard similarity of 5-grams of at least 0.8: a near duplicate. */
        NEAR,
        /** A copy with a similarity of 0.6 to 0.8: neither a duplicate nor a different text. */
        BETWEEN,
        /** A text that shares a third to three quarters of its words with an original, similarity below 0.6: no duplicate. */
        DIFFERENT,
        /** An original with personal data. */
        PERSONAL,
        /** An original with an evaluation row. */
        CONTAMINATED
    }

    /**
     * A document.
     *
     * @param similarity similarity of a copy with its original, as measured
     * @param pii kind of its personal data
     * @param item its personal data, or its row
     * @param way index in {@link EvaluationTexts#WAYS}
     */
    record Planted(Kind kind, double similarity, Optional<PiiKind> pii, String item, int way) {}

    /** Writes files of about this many bytes; the same files for the same number. */
    static PlantedCorpus write(Path folder, long size, LinePool pool, EvaluationTexts rows) throws IOException {
        Writer writer = new Writer(pool, rows);
        Files.createDirectories(folder);
        for (int file = 0; writer.bytes < size; file++) {
            long end = Math.min(size, writer.bytes + FILE_BYTES);
            try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("%04d.jsonl".formatted(file)))) {
                while (writer.bytes < end) {
                    int number = writer.documents.size();
                    String text = writer.next();
                    writer.bytes += text.getBytes(StandardCharsets.UTF_8).length;
                    out.write(JSON.writeValueAsString(
                                    JSON.createObjectNode().put("text", text).put("url", ADDRESS + number))
                            + "\n");
                }
            }
        }
        return new PlantedCorpus(writer.documents, writer.bytes);
    }

    private static final class Writer {
        private final LinePool pool;
        private final EvaluationTexts rows;
        private final SplittableRandom random = new SplittableRandom(15);
        private final PersonalData personal = new PersonalData(random.split());
        private final List<Planted> documents = new ArrayList<>();
        private final List<String> known = new ArrayList<>();
        private long bytes;

        Writer(LinePool pool, EvaluationTexts rows) {
            this.pool = pool;
            this.rows = rows;
        }

        String next() {
            int draw = known.size() < 100 ? 99 : random.nextInt(100);
            if (draw < 10) {
                add(Kind.EQUAL, 1, "");
                return original();
            }
            if (draw < 20) {
                return copy(0.81, 0.99);
            }
            if (draw < 23) {
                return copy(0.62, 0.79);
            }
            if (draw < 30) {
                return copy(0.25, 0.58);
            }
            List<String> lines = pool.draw(random);
            if (draw < 45) {
                personal(lines);
            } else if (draw < 50) {
                int way = random.nextInt(EvaluationTexts.WAYS.size());
                String row = rows.planted(way, random);
                documents.add(new Planted(Kind.CONTAMINATED, 0, Optional.empty(), row, way));
                lines.add(random.nextInt(lines.size()), row);
            } else {
                add(Kind.ORIGINAL, 0, "");
                if (known.size() < KNOWN) {
                    known.add(String.join("\n", lines));
                }
            }
            return String.join("\n", lines);
        }

        private void personal(List<String> lines) {
            PiiKind kind = PII.get(random.nextInt(PII.size()));
            String item = personal.next(kind);
            documents.add(new Planted(Kind.PERSONAL, 0, Optional.of(kind), item, 0));
            lines.add(
                    random.nextInt(lines.size()),
                    "A line " + personal.before(kind) + item + personal.after() + " more.");
        }

        private String original() {
            return known.get(random.nextInt(known.size()));
        }

        /** Returns a copy of an original; its measured similarity decides its kind. */
        private String copy(double least, double most) {
            String original = original();
            String copy = Similarity.copy(original, random.nextDouble(least, most), random);
            double similarity = Similarity.jaccard(original, copy);
            add(similarity >= 0.8 ? Kind.NEAR : similarity >= 0.6 ? Kind.BETWEEN : Kind.DIFFERENT, similarity, "");
            return copy;
        }

        private void add(Kind kind, double similarity, String item) {
            documents.add(new Planted(kind, similarity, Optional.empty(), item, 0));
        }
    }
}

package io.rootstock.bench.data.cleaning;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.data.cleaning.CleanTexts.CleanText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Clean texts with planted junk, in a random order in which each copy follows its original.
 *
 * @param documents documents with their truth
 */
record DirtyCorpus(List<PlantedDocument> documents) {
    /** Share of junk in the bytes of the corpus. */
    static final double JUNK_SHARE = 0.3;

    /** Base of the addresses; the number of the document follows. */
    static final String ADDRESS = "https://crawl.example/";

    private static final JsonMapper JSON = new JsonMapper();

    DirtyCorpus {
        documents = List.copyOf(documents);
    }

    /** Plants junk; the result depends on the arguments alone. */
    static DirtyCorpus plant(List<CleanText> clean, JunkText junk, SplittableRandom random) {
        return new DirtyCorpus(new Planting(clean, junk, random).plant());
    }

    /** UTF-8 bytes of all texts. */
    long bytes() {
        return documents.stream().mapToLong(PlantedDocument::bytes).sum();
    }

    /** UTF-8 bytes of junk of a kind. */
    long bytes(JunkKind kind) {
        return documents.stream().mapToLong(document -> document.bytes(kind)).sum();
    }

    /** Writes JSON lines with {@code text} and {@code url}, which ends in the number of the document. */
    void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int number = 0; number < documents.size(); number++) {
                out.write(JSON.writeValueAsString(JSON.createObjectNode()
                        .put("text", documents.get(number).text())
                        .put("url", ADDRESS + number)));
                out.write('\n');
            }
        }
    }
}

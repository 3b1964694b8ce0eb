package io.rootstock.bench.data.cleaning;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A document of the raw corpus with its truth.
 *
 * @param origin origin of the clean text, or of the text that a copy copies; empty for other junk
 * @param junk kind of a document that is junk as a whole
 * @param inserted junk inside a clean text, in order; empty for a document that is junk as a whole
 */
record PlantedDocument(String origin, Optional<JunkKind> junk, String text, List<Inserted> inserted) {
    PlantedDocument {
        inserted = List.copyOf(inserted);
    }

    /** Junk inside a document, as it stands in the text; a line with the line feed that separates it. */
    record Inserted(JunkKind kind, String text) {
        long bytes() {
            return PlantedDocument.bytes(text);
        }
    }

    /** UTF-8 bytes of the text. */
    long bytes() {
        return bytes(text);
    }

    /** UTF-8 bytes of junk of a kind. */
    long bytes(JunkKind kind) {
        return junk.isPresent()
                ? junk.get() == kind ? bytes() : 0
                : inserted.stream()
                        .filter(part -> part.kind() == kind)
                        .mapToLong(Inserted::bytes)
                        .sum();
    }

    /** UTF-8 bytes that are not junk. */
    long cleanBytes() {
        return junk.isPresent()
                ? 0
                : bytes() - inserted.stream().mapToLong(Inserted::bytes).sum();
    }

    static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

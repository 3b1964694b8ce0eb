package io.rootstock.corpus.unit;

/** The division of plain text files into documents. */
public sealed interface TextRecords {
    /** A file is one document, as a book is. */
    record WholeFile() implements TextRecords {}

    /** A line is a document. */
    record Lines() implements TextRecords {}

    /**
     * A document ends at the first blank line after {@code targetBytes} bytes, at a line end after four times that
     * number, and inside of a line only if that line is longer.
     */
    record Blocks(int targetBytes) implements TextRecords {
        public Blocks {
            if (targetBytes < 64 || targetBytes > 1 << 28) {
                throw new IllegalArgumentException(
                        "blocks of text must have 64 to 268435456 bytes, not " + targetBytes);
            }
        }
    }
}

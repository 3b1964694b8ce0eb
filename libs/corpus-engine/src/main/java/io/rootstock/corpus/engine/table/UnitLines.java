package io.rootstock.corpus.engine.table;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.duplicate.ExactKeys;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The different lines of a unit, numbered in the order of their first occurrence, with the number of documents that have
 * each. Lines are compared without spaces, tabs and carriage returns at their ends; blank lines have no number. Memory: 32
 * to 56 bytes a different line, 4 bytes a line.
 */
public final class UnitLines {
    private final ExactKeys hash = new ExactKeys();
    private final KeyTable table = new KeyTable();
    private int[] documentCounts = new int[64];
    private int[] lastDocument = new int[64];
    private int[] numbers = new int[256];
    private int lines;
    private int documents;
    private int cursor;

    /** Adds the lines of a document. */
    public void add(Document document) {
        documents++;
        LineScanner scanner = new LineScanner(document.text().utf8());
        while (scanner.next()) {
            if (scanner.isBlank()) {
                continue;
            }
            ExactKey key = hash.bytes(scanner.bytes(), scanner.contentStart(), scanner.contentLength());
            count(table.add(key.high(), key.low()));
        }
    }

    private void count(int number) {
        if (number >= documentCounts.length) {
            documentCounts = Arrays.copyOf(documentCounts, 2 * number);
            lastDocument = Arrays.copyOf(lastDocument, 2 * number);
        }
        if (lastDocument[number] != documents) {
            lastDocument[number] = documents;
            documentCounts[number]++;
        }
        if (lines == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * lines);
        }
        numbers[lines++] = number;
    }

    /** Number of different lines. */
    public int size() {
        return table.size();
    }

    /** First half of the key of a line. */
    public long high(int number) {
        return table.high(number);
    }

    /** Second half of the key of a line. */
    public long low(int number) {
        return table.low(number);
    }

    /** Number of documents that have a line. */
    public int documents(int number) {
        return documentCounts[number];
    }

    /** Removes lines from the next document, in the order in which documents were added. */
    public StrippedText strip(Document document, BitSet removed) {
        byte[] utf8 = document.text().utf8();
        byte[] kept = new byte[utf8.length];
        int length = 0;
        int count = 0;
        boolean hasText = false;
        LineScanner scanner = new LineScanner(utf8);
        while (scanner.next()) {
            boolean blank = scanner.isBlank();
            if (!blank && removed.get(numbers[cursor++])) {
                count++;
                continue;
            }
            hasText |= !blank;
            System.arraycopy(utf8, scanner.start(), kept, length, scanner.end() - scanner.start());
            length += scanner.end() - scanner.start();
        }
        return new StrippedText(Text.ofValidUtf8(Arrays.copyOf(kept, length)), count, hasText);
    }

    /**
     * A text without the removed lines.
     *
     * @param text its text
     * @param removed number of removed lines
     * @param hasText whether some line is not blank
     */
    public record StrippedText(Text text, int removed, boolean hasText) {}

    /** The lines of a UTF-8 text, each with its line feed. */
    private static final class LineScanner {
        private final byte[] bytes;
        private int start;
        private int end;
        private int contentStart;
        private int contentEnd;

        LineScanner(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Moves to the next line; false at the end. */
        boolean next() {
            start = end;
            if (start >= bytes.length) {
                return false;
            }
            int at = start;
            while (at < bytes.length && bytes[at] != '\n') {
                at++;
            }
            end = Math.min(bytes.length, at + 1);
            contentStart = start;
            contentEnd = at;
            while (contentStart < contentEnd && isSpace(bytes[contentStart])) {
                contentStart++;
            }
            while (contentEnd > contentStart && isSpace(bytes[contentEnd - 1])) {
                contentEnd--;
            }
            return true;
        }

        byte[] bytes() {
            return bytes;
        }

        /** First byte of the line. */
        int start() {
            return start;
        }

        /** End of the line, behind its line feed. */
        int end() {
            return end;
        }

        /** First byte that is not a space. */
        int contentStart() {
            return contentStart;
        }

        /** Bytes between the outer spaces. */
        int contentLength() {
            return contentEnd - contentStart;
        }

        boolean isBlank() {
            return contentStart == contentEnd;
        }

        private static boolean isSpace(byte value) {
            return value == ' ' || value == '\t' || value == '\r';
        }
    }
}

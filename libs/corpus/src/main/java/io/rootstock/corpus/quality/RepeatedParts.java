package io.rootstock.corpus.quality;

/**
 * Lines or paragraphs of a text that repeat an earlier one ({@code find_duplicates} in datatrove).
 *
 * @param parts number of lines or paragraphs
 * @param duplicates those that repeat an earlier one
 * @param characters code points of the duplicates
 */
record RepeatedParts(int parts, int duplicates, int characters) {
    private static final ThreadLocal<LongTable> TABLE = ThreadLocal.withInitial(LongTable::new);

    /** Share of the parts that are duplicates. */
    double share() {
        return (double) duplicates / parts;
    }

    /** Lines between runs of "\n": a run at the beginning or end of the text adds an empty line there. */
    static RepeatedParts lines(byte[] utf8, LineScan lines) {
        LongTable seen = table(lines.count);
        int duplicates = 0;
        int characters = 0;
        for (int line = 0; line < lines.count; line++) {
            if (seen.increment(Utf8.hash(utf8, lines.starts[line], lines.ends[line])) > 1) {
                duplicates++;
                characters += lines.lengths[line];
            }
        }
        int empty = (utf8[0] == '\n' ? 1 : 0) + (utf8[utf8.length - 1] == '\n' ? 1 : 0);
        return new RepeatedParts(lines.count + empty, duplicates + Math.max(0, empty - 1), characters);
    }

    /** Non-blank lines between "\n". */
    static RepeatedParts visibleLines(byte[] utf8, LineScan lines) {
        LongTable seen = table(lines.count);
        int parts = 0;
        int duplicates = 0;
        int characters = 0;
        for (int line = 0; line < lines.count; line++) {
            if (!lines.visible[line]) {
                continue;
            }
            parts++;
            if (seen.increment(Utf8.hash(utf8, lines.starts[line], lines.ends[line])) > 1) {
                duplicates++;
                characters += lines.lengths[line];
            }
        }
        return new RepeatedParts(parts, duplicates, characters);
    }

    /** Parts of the trimmed text between two or more "\n". */
    static RepeatedParts paragraphs(byte[] utf8, LineScan lines) {
        LongTable seen = table(lines.count);
        int parts = 0;
        int duplicates = 0;
        int characters = 0;
        int line = 0;
        while (line < lines.count && lines.ends[line] <= lines.trimmedStart) {
            line++;
        }
        while (line < lines.count && lines.starts[line] < lines.trimmedEnd) {
            int last = line;
            while (last + 1 < lines.count && lines.starts[last + 1] - lines.ends[last] < 2) {
                last++;
            }
            int from = Math.max(lines.starts[line], lines.trimmedStart);
            int to = Math.min(lines.ends[last], lines.trimmedEnd);
            parts++;
            if (seen.increment(Utf8.hash(utf8, from, to)) > 1) {
                duplicates++;
                characters += Utf8.length(utf8, from, to);
            }
            line = last + 1;
        }
        return new RepeatedParts(Math.max(1, parts), duplicates, characters);
    }

    private static LongTable table(int expected) {
        LongTable table = expected > 1 << 16 ? new LongTable() : TABLE.get();
        table.reset(expected);
        return table;
    }
}

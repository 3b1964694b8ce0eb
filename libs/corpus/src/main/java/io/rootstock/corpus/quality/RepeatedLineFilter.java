package io.rootstock.corpus.quality;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import java.util.Arrays;
import java.util.Map;

/**
 * Removes lines of a document that repeat an earlier line of it, byte for byte. Blank lines stay. A removed line takes
 * its "\n" with it.
 *
 * @param minBytes least length of a line that is removed, in bytes: shorter lines ("}", "Yes.") may repeat
 */
public record RepeatedLineFilter(int minBytes) implements DocumentStep {
    public RepeatedLineFilter {
        if (minBytes < 1) {
            throw new IllegalArgumentException("minBytes is " + minBytes + "; set at least 1");
        }
    }

    @Override
    public String name() {
        return "repeated-lines";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        byte[] utf8 = document.text().utf8();
        LineScan lines = DocumentScan.of(document.text()).lines;
        int[] earlier = new int[Math.max(4, Integer.highestOneBit(Math.max(1, lines.count)) << 2)];
        byte[] kept = null;
        int length = 0;
        int copied = 0;
        int removed = 0;
        for (int line = 0; line < lines.count; line++) {
            boolean candidate = lines.visible[line] && lines.ends[line] - lines.starts[line] >= minBytes;
            if (candidate && !addIfNew(earlier, utf8, lines, line)) {
                kept = kept == null ? new byte[utf8.length] : kept;
                int from = copied;
                int to = lines.starts[line];
                System.arraycopy(utf8, from, kept, length, to - from);
                length += to - from;
                copied = Math.min(utf8.length, lines.ends[line] + 1);
                removed++;
            }
        }
        if (kept == null) {
            return new Outcome.Kept(document);
        }
        System.arraycopy(utf8, copied, kept, length, utf8.length - copied);
        length += utf8.length - copied;
        return new Outcome.Kept(
                document.withText(Text.ofValidUtf8(Arrays.copyOf(kept, length))), Map.of("repeated line", removed));
    }

    /** Adds a line to the open-addressing table of earlier lines (number + 1) unless an equal one is there. */
    private static boolean addIfNew(int[] earlier, byte[] utf8, LineScan lines, int line) {
        int start = lines.starts[line];
        int end = lines.ends[line];
        int mask = earlier.length - 1;
        int slot = (int) (Utf8.hash(utf8, start, end) >>> 32) & mask;
        while (earlier[slot] != 0) {
            int other = earlier[slot] - 1;
            if (Arrays.equals(utf8, lines.starts[other], lines.ends[other], utf8, start, end)) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        earlier[slot] = line + 1;
        return true;
    }
}

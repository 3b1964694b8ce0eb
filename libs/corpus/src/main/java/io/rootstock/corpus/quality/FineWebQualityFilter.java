package io.rootstock.corpus.quality;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;

/**
 * Removes documents by FineWeb's rules (Penedo et al. 2024, section 3.6, https://arxiv.org/abs/2406.17557), computed as
 * datatrove's {@code FineWebQualityFilter} does. Blank lines do not count as lines. A threshold of 0 turns its rule off;
 * for duplicates it permits none.
 *
 * @param minTerminalLines least share of lines that end with terminal punctuation
 * @param keepWithoutTerminals whether a text without any such line passes that rule
 * @param maxShortLines largest share of short lines
 * @param shortLineLength largest length of a short line, in characters
 * @param maxDuplicateCharacters largest share of characters in lines that repeat an earlier one
 * @param maxNewlinesPerWord largest number of line feeds for each word
 */
public record FineWebQualityFilter(
        double minTerminalLines,
        boolean keepWithoutTerminals,
        double maxShortLines,
        int shortLineLength,
        double maxDuplicateCharacters,
        double maxNewlinesPerWord)
        implements DocumentStep {
    public FineWebQualityFilter {
        Thresholds.requireNotNegative("minTerminalLines", minTerminalLines);
        Thresholds.requireNotNegative("maxShortLines", maxShortLines);
        Thresholds.requireNotNegative("shortLineLength", shortLineLength);
        Thresholds.requireNotNegative("maxDuplicateCharacters", maxDuplicateCharacters);
        Thresholds.requireNotNegative("maxNewlinesPerWord", maxNewlinesPerWord);
    }

    /** Returns the published rules. */
    public static FineWebQualityFilter published() {
        return new FineWebQualityFilter(0.12, false, 0.67, 30, 0.01, 0.3);
    }

    @Override
    public String name() {
        return "fineweb-quality";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        String reason = reason(document);
        return reason.isEmpty() ? new Outcome.Kept(document) : new Outcome.Removed(reason);
    }

    private String reason(Document document) {
        byte[] utf8 = document.text().utf8();
        DocumentScan scan = DocumentScan.of(document.text());
        RepeatedParts repeated = RepeatedParts.visibleLines(utf8, scan.lines);
        double lines = repeated.parts();
        if (lines == 0) {
            return "empty";
        }
        int terminal = 0;
        int shortLines = 0;
        for (int line = 0; line < scan.lines.count; line++) {
            if (scan.lines.visible[line]) {
                terminal += endsWithTerminal(utf8, scan.lines.ends[line]) ? 1 : 0;
                shortLines += scan.lines.lengths[line] <= shortLineLength ? 1 : 0;
            }
        }
        if (terminal / lines < minTerminalLines && !(terminal == 0 && keepWithoutTerminals)) {
            return "too few lines with terminal punctuation";
        }
        if (maxShortLines != 0 && shortLines / lines > maxShortLines) {
            return "too many short lines";
        }
        if (repeated.characters() / (double) (scan.characters - scan.lines.newlines) > maxDuplicateCharacters) {
            return "too many characters in duplicate lines";
        }
        boolean list = maxNewlinesPerWord != 0 && scan.lines.newlines / (double) scan.words > maxNewlinesPerWord;
        return list ? "too many line feeds for its words" : "";
    }

    private static boolean endsWithTerminal(byte[] utf8, int end) {
        int last = utf8[end - 1] >= 0 ? utf8[end - 1] : Utf8.codePoint(utf8, Utf8.previous(utf8, end));
        return (CharacterClass.of(last) & CharacterClass.TERMINAL) != 0;
    }
}

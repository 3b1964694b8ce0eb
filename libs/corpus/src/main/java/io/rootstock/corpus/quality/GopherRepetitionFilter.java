package io.rootstock.corpus.quality;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import java.util.List;

/**
 * Removes documents by Gopher's repetition rules (Rae et al. 2021, table A1, https://arxiv.org/abs/2112.11446), computed
 * as datatrove's {@code GopherRepetitionFilter} does. A line or paragraph threshold of 0 turns its rule off, and so does
 * an empty list.
 *
 * @param maxDuplicateLines largest share of lines that repeat an earlier line
 * @param maxDuplicateParagraphs largest share of paragraphs that repeat an earlier one
 * @param maxDuplicateLineCharacters largest share of the characters in such lines
 * @param maxDuplicateParagraphCharacters largest share of the characters in such paragraphs
 * @param topNGrams largest share of the characters in the most frequent n-gram
 * @param duplicateNGrams largest share of the characters in n-grams that repeat an earlier one, not overlapping
 */
public record GopherRepetitionFilter(
        double maxDuplicateLines,
        double maxDuplicateParagraphs,
        double maxDuplicateLineCharacters,
        double maxDuplicateParagraphCharacters,
        List<NGramLimit> topNGrams,
        List<NGramLimit> duplicateNGrams)
        implements DocumentStep {
    public GopherRepetitionFilter {
        Thresholds.requireNotNegative("maxDuplicateLines", maxDuplicateLines);
        Thresholds.requireNotNegative("maxDuplicateParagraphs", maxDuplicateParagraphs);
        Thresholds.requireNotNegative("maxDuplicateLineCharacters", maxDuplicateLineCharacters);
        Thresholds.requireNotNegative("maxDuplicateParagraphCharacters", maxDuplicateParagraphCharacters);
        topNGrams = List.copyOf(topNGrams);
        duplicateNGrams = List.copyOf(duplicateNGrams);
    }

    /** Returns the published rules. */
    public static GopherRepetitionFilter published() {
        return new GopherRepetitionFilter(
                0.3,
                0.3,
                0.2,
                0.2,
                List.of(new NGramLimit(2, 0.2), new NGramLimit(3, 0.18), new NGramLimit(4, 0.16)),
                List.of(
                        new NGramLimit(5, 0.15),
                        new NGramLimit(6, 0.14),
                        new NGramLimit(7, 0.13),
                        new NGramLimit(8, 0.12),
                        new NGramLimit(9, 0.11),
                        new NGramLimit(10, 0.1)));
    }

    @Override
    public String name() {
        return "gopher-repetition";
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
        if (utf8.length == 0) {
            return "empty";
        }
        DocumentScan scan = DocumentScan.of(document.text());
        double characters = scan.characters;
        RepeatedParts paragraphs = RepeatedParts.paragraphs(utf8, scan.lines);
        if (maxDuplicateParagraphs != 0 && paragraphs.share() > maxDuplicateParagraphs) {
            return "too many duplicate paragraphs";
        }
        if (maxDuplicateParagraphCharacters != 0
                && paragraphs.characters() / characters > maxDuplicateParagraphCharacters) {
            return "too many characters in duplicate paragraphs";
        }
        RepeatedParts lines = RepeatedParts.lines(utf8, scan.lines);
        if (maxDuplicateLines != 0 && lines.share() > maxDuplicateLines) {
            return "too many duplicate lines";
        }
        if (maxDuplicateLineCharacters != 0 && lines.characters() / characters > maxDuplicateLineCharacters) {
            return "too many characters in duplicate lines";
        }
        RepeatedNGrams nGrams = new RepeatedNGrams(scan);
        int top = nGrams.firstTopAbove(topNGrams);
        if (top != 0) {
            return "most frequent " + top + "-gram too frequent";
        }
        int duplicate = nGrams.firstDuplicateAbove(duplicateNGrams);
        return duplicate != 0 ? "too many duplicate " + duplicate + "-grams" : "";
    }
}

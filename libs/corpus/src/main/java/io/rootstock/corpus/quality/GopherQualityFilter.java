package io.rootstock.corpus.quality;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Removes documents by Gopher's quality rules (Rae et al. 2021, table A1 and section A.1.1,
 * https://arxiv.org/abs/2112.11446), computed as datatrove's {@code GopherQualityFilter} does. A threshold of 0 turns
 * its rule off.
 *
 * @param minWords least number of words that are not punctuation
 * @param maxWords largest number of those words
 * @param minMeanWordLength least mean length of those words, in characters
 * @param maxMeanWordLength largest mean length
 * @param maxSymbolWordRatio largest number of '#', and of ellipses, for each word
 * @param maxBulletLines largest share of lines that begin with a bullet or hyphen
 * @param maxEllipsisLines largest share of lines that end with an ellipsis
 * @param minAlphabeticWords least share of words with a letter
 * @param minStopWords least number of distinct stop words in the text; for a language without a list of its own, 0
 * @param stopWords the stop words, compared exactly; upper and lower case differ
 */
public record GopherQualityFilter(
        int minWords,
        int maxWords,
        double minMeanWordLength,
        double maxMeanWordLength,
        double maxSymbolWordRatio,
        double maxBulletLines,
        double maxEllipsisLines,
        double minAlphabeticWords,
        int minStopWords,
        List<String> stopWords)
        implements DocumentStep {
    /** Gopher's English stop words. */
    public static final List<String> ENGLISH_STOP_WORDS =
            List.of("the", "be", "to", "of", "and", "that", "have", "with");

    public GopherQualityFilter {
        Thresholds.requireNotNegative("minWords", minWords);
        Thresholds.requireNotNegative("maxWords", maxWords);
        Thresholds.requireOrder("minWords", minWords, "maxWords", maxWords);
        Thresholds.requireNotNegative("minMeanWordLength", minMeanWordLength);
        Thresholds.requireNotNegative("maxMeanWordLength", maxMeanWordLength);
        Thresholds.requireOrder("minMeanWordLength", minMeanWordLength, "maxMeanWordLength", maxMeanWordLength);
        Thresholds.requireNotNegative("maxSymbolWordRatio", maxSymbolWordRatio);
        Thresholds.requireNotNegative("maxBulletLines", maxBulletLines);
        Thresholds.requireNotNegative("maxEllipsisLines", maxEllipsisLines);
        Thresholds.requireNotNegative("minAlphabeticWords", minAlphabeticWords);
        Thresholds.requireNotNegative("minStopWords", minStopWords);
        stopWords = List.copyOf(stopWords);
        if (stopWords.size() < minStopWords) {
            throw new IllegalArgumentException("minStopWords is " + minStopWords + ", but the list has only "
                    + stopWords.size() + " stop words; add words, or set 0 for no such rule");
        }
    }

    /** Returns the published rules for English. */
    public static GopherQualityFilter published() {
        return new GopherQualityFilter(50, 100_000, 3, 10, 0.1, 0.9, 0.3, 0.8, 2, ENGLISH_STOP_WORDS);
    }

    @Override
    public String name() {
        return "gopher-quality";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        DocumentScan scan = DocumentScan.of(document.text());
        String reason = reason(scan);
        return reason.isEmpty() ? new Outcome.Kept(document) : new Outcome.Removed(reason);
    }

    /** Returns the first rule that the text breaks, in datatrove's order; empty if none. */
    private String reason(DocumentScan scan) {
        if (minWords != 0 && scan.plainWords < minWords) {
            return "too few words";
        }
        if (maxWords != 0 && scan.plainWords > maxWords) {
            return "too many words";
        }
        double meanLength = (double) scan.plainWordCharacters / scan.plainWords;
        if (minMeanWordLength != 0 && meanLength < minMeanWordLength) {
            return "words too short";
        }
        if (maxMeanWordLength != 0 && meanLength > maxMeanWordLength) {
            return "words too long";
        }
        double words = scan.words;
        if (maxSymbolWordRatio != 0 && scan.hashSigns / words > maxSymbolWordRatio) {
            return "too many hash signs";
        }
        if (maxSymbolWordRatio != 0 && scan.ellipses / words > maxSymbolWordRatio) {
            return "too many ellipses";
        }
        double lines = scan.lines.splitLines;
        if (maxBulletLines != 0 && scan.lines.bulletLines / lines > maxBulletLines) {
            return "too many bullet lines";
        }
        if (maxEllipsisLines != 0 && scan.lines.ellipsisLines / lines > maxEllipsisLines) {
            return "too many lines that end with an ellipsis";
        }
        if (minAlphabeticWords != 0 && scan.alphabeticWords / words < minAlphabeticWords) {
            return "too few words with letters";
        }
        return minStopWords != 0 && !hasStopWords(scan) ? "too few stop words" : "";
    }

    private boolean hasStopWords(DocumentScan scan) {
        LongTable table = new LongTable();
        table.reset(stopWords.size());
        for (String stopWord : stopWords) {
            byte[] utf8 = stopWord.getBytes(StandardCharsets.UTF_8);
            long hash = Utf8.hash(utf8, 0, utf8.length);
            if (table.count(hash) == 0) {
                table.increment(hash);
            }
        }
        int found = 0;
        for (int word = 0; word < scan.words; word++) {
            long hash = scan.wordHashes[word];
            if (table.count(hash) == 1) {
                table.increment(hash);
                if (++found == minStopWords) {
                    return true;
                }
            }
        }
        return false;
    }
}

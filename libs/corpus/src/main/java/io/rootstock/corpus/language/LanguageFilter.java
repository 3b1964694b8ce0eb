package io.rootstock.corpus.language;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * Keeps documents of given languages. Only the beginning of a document is read.
 *
 * @param detector the detector; its {@link LanguageDetector#identity()} belongs to the lineage beside this step
 * @param languages codes of the languages to keep, as the detector names them
 * @param minProbability least probability of the most probable language; datatrove's default is 0.65
 * @param prefixBytes number of bytes read, cut at a character
 */
public record LanguageFilter(LanguageDetector detector, List<String> languages, double minProbability, int prefixBytes)
        implements DocumentStep {
    /** Default of {@code minProbability}. */
    public static final double DEFAULT_MIN_PROBABILITY = 0.65;

    /** Default of {@code prefixBytes}. */
    public static final int DEFAULT_PREFIX_BYTES = 1000;

    private static final int MIN_PREFIX_BYTES = 16;
    private static final int MAX_PREFIX_BYTES = 1 << 20;

    public LanguageFilter {
        languages = List.copyOf(languages);
        if (languages.isEmpty()) {
            throw new IllegalArgumentException("languages is empty; name at least one language to keep, such as en");
        }
        for (String language : languages) {
            if (!detector.languages().contains(language)) {
                throw new IllegalArgumentException("the detector does not know the language \"" + language
                        + "\"; it knows " + String.join(", ", detector.languages()));
            }
        }
        if (!(minProbability >= 0 && minProbability <= 1)) {
            throw new IllegalArgumentException("minProbability is " + minProbability + "; set 0 to 1");
        }
        if (prefixBytes < MIN_PREFIX_BYTES || prefixBytes > MAX_PREFIX_BYTES) {
            throw new IllegalArgumentException(
                    "prefixBytes is " + prefixBytes + "; set " + MIN_PREFIX_BYTES + " to " + MAX_PREFIX_BYTES);
        }
    }

    /** Creates the step with default probability and prefix. */
    public LanguageFilter(LanguageDetector detector, List<String> languages) {
        this(detector, languages, DEFAULT_MIN_PROBABILITY, DEFAULT_PREFIX_BYTES);
    }

    @Override
    public String name() {
        return "language";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        byte[] utf8 = document.text().utf8();
        Optional<DetectedLanguage> detected = detector.detect(utf8, 0, prefix(utf8));
        if (detected.isEmpty()) {
            return new Outcome.Removed("no language");
        }
        String language = detected.get().language();
        if (!languages.contains(language)) {
            return new Outcome.Removed("language " + language);
        }
        return detected.get().probability() < minProbability
                ? new Outcome.Removed("uncertain language")
                : new Outcome.Kept(document);
    }

    /** Returns the largest end up to {@code prefixBytes} that divides no character. */
    private int prefix(byte[] utf8) {
        if (utf8.length <= prefixBytes) {
            return utf8.length;
        }
        int end = prefixBytes;
        while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }
}

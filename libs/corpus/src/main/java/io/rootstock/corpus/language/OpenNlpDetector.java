package io.rootstock.corpus.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * The detector without a model file: Apache OpenNLP's with its model of 103 languages, which is on the class path.
 *
 * <p>Slower and less exact than lid.176, see decision 0142. 1,000 bytes of one language have a probability above 0.7, one
 * sentence only 0.03 to 0.1. The model names languages by ISO 639-3; codes of two letters
 * replace them where ISO 639-1 has one, so that a list of languages fits both detectors; three pairs of languages share
 * such a code.
 */
public final class OpenNlpDetector implements LanguageDetector {
    private static final String MODEL = "/langdetect-183.bin";

    /** Codes of individual languages whose macrolanguage has a code of two letters. */
    private static final Map<String, String> MACROLANGUAGES =
            Map.of("cmn", "zh", "ekk", "et", "lvs", "lv", "pes", "fa", "plt", "mg", "ara", "ar");

    /** Withdrawn codes of Indonesian, Hebrew and Yiddish. */
    private static final Set<String> WITHDRAWN = Set.of("in", "iw", "ji");

    private final ThreadLocal<LanguageDetectorME> detector;
    private final Map<String, String> codes;
    private final SortedSet<String> languages;

    /** Loads the model. */
    public OpenNlpDetector() {
        LanguageDetectorModel model = load();
        detector = ThreadLocal.withInitial(() -> new LanguageDetectorME(model));
        Map<String, String> two = new HashMap<>(MACROLANGUAGES);
        for (String language : Locale.getISOLanguages()) {
            if (!WITHDRAWN.contains(language)) {
                two.put(Locale.of(language).getISO3Language(), language);
            }
        }
        codes = new HashMap<>();
        for (String language : detector.get().getSupportedLanguages()) {
            codes.put(language, two.getOrDefault(language, language));
        }
        languages = Collections.unmodifiableSortedSet(new TreeSet<>(codes.values()));
    }

    private static LanguageDetectorModel load() {
        try (InputStream in = LanguageDetectorModel.class.getResourceAsStream(MODEL)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the class path lacks " + MODEL + "; add opennlp-models-langdetect, or give a fastText model");
            }
            return new LanguageDetectorModel(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + MODEL + " of opennlp-models-langdetect", e);
        }
    }

    @Override
    public String identity() {
        return "opennlp:langdetect-183";
    }

    @Override
    public SortedSet<String> languages() {
        return languages;
    }

    @Override
    public Optional<DetectedLanguage> detect(byte[] utf8, int from, int to) {
        String text = new String(utf8, from, to - from, StandardCharsets.UTF_8);
        if (text.codePoints().noneMatch(Character::isLetter)) {
            return Optional.empty();
        }
        Language best = detector.get().predictLanguage(text);
        return Optional.of(new DetectedLanguage(codes.get(best.getLang()), best.getConfidence()));
    }
}

package io.rootstock.corpus.language;

import java.util.Optional;
import java.util.Set;

/** Finds the language of a text. Thread-safe. */
public interface LanguageDetector {
    /** Identifies the detector and its model in the versions of a step, such as "fasttext:sha256:..." */
    String identity();

    /** Codes of the languages that the detector knows, sorted. */
    Set<String> languages();

    /**
     * Returns the most probable language of a range of valid UTF-8; empty if nothing in it hints at a language.
     *
     * @param from first byte, at the beginning of a character
     * @param to end, at the end of a character
     */
    Optional<DetectedLanguage> detect(byte[] utf8, int from, int to);
}

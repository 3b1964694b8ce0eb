package io.rootstock.corpus.language;

/**
 * The most probable language of a text.
 *
 * @param language code as the detector names it: for lid.176 ISO 639-1 or 639-3 ("en", "ko", "ceb")
 * @param probability its probability, 0 to 1
 */
public record DetectedLanguage(String language, double probability) {}

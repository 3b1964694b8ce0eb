package io.rootstock.evaluation.metric.text;

import java.util.List;
import java.util.Map;

/**
 * Porter's stemmer (1980) with the extensions of NLTK's {@code PorterStemmer} in its default mode, which rouge-score
 * uses. Snowball's English stemmer and Lucene's PorterStemmer give other stems.
 *
 * <p>Words are expected to contain lower-case ASCII letters and digits; all other characters count as consonants.
 */
public final class PorterStemmer {
    /** A suffix, its replacement, and the measure that the rest of the word must exceed. */
    private record Rule(String suffix, String replacement, int above) {}

    private static final int MIN = 3;
    private static final String IES = "ies";
    private static final String IED = "ied";

    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("sky", "sky"),
            Map.entry("skies", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("innings", "inning"),
            Map.entry("inning", "inning"),
            Map.entry("outings", "outing"),
            Map.entry("outing", "outing"),
            Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    private static final List<Rule> PLURALS =
            List.of(always("sses", "ss"), always(IES, "i"), always("ss", "ss"), always("s", ""));

    private static final List<Rule> DOUBLE_SUFFIXES = List.of(
            rule("ational", "ate"),
            rule("tional", "tion"),
            rule("enci", "ence"),
            rule("anci", "ance"),
            rule("izer", "ize"),
            rule("bli", "ble"),
            rule("alli", "al"),
            rule("entli", "ent"),
            rule("eli", "e"),
            rule("ousli", "ous"),
            rule("ization", "ize"),
            rule("ation", "ate"),
            rule("ator", "ate"),
            rule("alism", "al"),
            rule("iveness", "ive"),
            rule("fulness", "ful"),
            rule("ousness", "ous"),
            rule("aliti", "al"),
            rule("iviti", "ive"),
            rule("biliti", "ble"),
            rule("fulli", "ful"));

    private static final List<Rule> SUFFIXES = List.of(
            rule("icate", "ic"),
            rule("ative", ""),
            rule("alize", "al"),
            rule("iciti", "ic"),
            rule("ical", "ic"),
            rule("ful", ""),
            rule("ness", ""));

    private static final List<Rule> LAST_SUFFIXES = List.of(
            last("al"),
            last("ance"),
            last("ence"),
            last("er"),
            last("ic"),
            last("able"),
            last("ible"),
            last("ant"),
            last("ement"),
            last("ment"),
            last("ent"),
            last("ion"),
            last("ou"),
            last("ism"),
            last("ate"),
            last("iti"),
            last("ous"),
            last("ive"),
            last("ize"));

    private PorterStemmer() {}

    private static Rule always(String suffix, String replacement) {
        return new Rule(suffix, replacement, -1);
    }

    private static Rule rule(String suffix, String replacement) {
        return new Rule(suffix, replacement, 0);
    }

    private static Rule last(String suffix) {
        return new Rule(suffix, "", 1);
    }

    /** Returns the stem of a word. */
    public static String stem(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        if (word.length() < MIN) {
            return word;
        }
        String stem = removePlural(word);
        stem = removePast(stem);
        stem = replaceY(stem);
        stem = replaceDoubleSuffix(stem);
        stem = apply(SUFFIXES, stem);
        stem = removeLastSuffix(stem);
        stem = removeE(stem);
        return stem.endsWith("ll") && measure(withoutEnd(stem, 1)) > 1 ? withoutEnd(stem, 1) : stem;
    }

    /** Step 1a; NLTK keeps the e of "dies". */
    private static String removePlural(String word) {
        return word.endsWith(IES) && word.length() == 4 ? withoutEnd(word, 1) : apply(PLURALS, word);
    }

    /** Step 1b; NLTK keeps the e of "died". */
    private static String removePast(String word) {
        if (word.endsWith(IED)) {
            return withoutEnd(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("eed")) {
            return measure(withoutEnd(word, 3)) > 0 ? withoutEnd(word, 1) : word;
        }
        int suffix = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
        String stem = withoutEnd(word, suffix);
        if (suffix == 0 || !hasVowel(stem)) {
            return word;
        }
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        if (endsWithDoubleConsonant(stem)) {
            return "lsz".indexOf(stem.charAt(stem.length() - 1)) >= 0 ? stem : withoutEnd(stem, 1);
        }
        return measure(stem) == 1 && endsConsonantVowelConsonant(stem) ? stem + "e" : stem;
    }

    /** Step 1c in NLTK's form: y after a consonant that is not the first letter. */
    private static String replaceY(String word) {
        int last = word.length() - 1;
        return word.endsWith("y") && last > 1 && isConsonant(word, last - 1) ? withoutEnd(word, 1) + "i" : word;
    }

    /** Step 2; NLTK applies it again to the result of alli → al. */
    private static String replaceDoubleSuffix(String word) {
        boolean twice = word.endsWith("alli") && measure(withoutEnd(word, 4)) > 0;
        String stem = twice ? withoutEnd(word, 2) : word;
        if (stem.endsWith("logi")) {
            return measure(withoutEnd(stem, 3)) > 0 ? withoutEnd(stem, 1) : stem;
        }
        return apply(DOUBLE_SUFFIXES, stem);
    }

    /** Step 4; "ion" only after s or t. */
    private static String removeLastSuffix(String word) {
        if (word.endsWith("ion") && !word.endsWith("sion") && !word.endsWith("tion")) {
            return word;
        }
        return apply(LAST_SUFFIXES, word);
    }

    /** Step 5a: removes e at the end of a long word. */
    private static String removeE(String word) {
        if (!word.endsWith("e")) {
            return word;
        }
        String stem = withoutEnd(word, 1);
        int measure = measure(stem);
        return measure > 1 || (measure == 1 && !endsConsonantVowelConsonant(stem)) ? stem : word;
    }

    /** Applies the first rule whose suffix the word has, if the measure of the rest suffices. */
    private static String apply(List<Rule> rules, String word) {
        for (Rule rule : rules) {
            if (word.endsWith(rule.suffix)) {
                String stem = withoutEnd(word, rule.suffix.length());
                return measure(stem) > rule.above ? stem + rule.replacement : word;
            }
        }
        return word;
    }

    private static String withoutEnd(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    /** A y is a consonant at the beginning of a word and after a vowel. */
    private static boolean[] consonants(String word) {
        boolean[] consonants = new boolean[word.length()];
        for (int i = 0; i < consonants.length; i++) {
            char letter = word.charAt(i);
            consonants[i] = letter == 'y' ? i == 0 || !consonants[i - 1] : "aeiou".indexOf(letter) < 0;
        }
        return consonants;
    }

    private static boolean isConsonant(String word, int position) {
        return consonants(word)[position];
    }

    /** Number of vowel sequences that a consonant follows. */
    private static int measure(String word) {
        boolean[] consonants = consonants(word);
        int measure = 0;
        for (int i = 1; i < consonants.length; i++) {
            measure += consonants[i] && !consonants[i - 1] ? 1 : 0;
        }
        return measure;
    }

    private static boolean hasVowel(String word) {
        for (boolean consonant : consonants(word)) {
            if (!consonant) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWithDoubleConsonant(String word) {
        int last = word.length() - 1;
        return last > 0 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last);
    }

    /** Whether a word ends so, with a last letter other than w, x, y; NLTK adds words of a vowel and a consonant. */
    private static boolean endsConsonantVowelConsonant(String word) {
        boolean[] consonants = consonants(word);
        int last = consonants.length - 1;
        if (last < 1 || !consonants[last] || consonants[last - 1]) {
            return false;
        }
        return last == 1 || (consonants[last - 2] && "wxy".indexOf(word.charAt(last)) < 0);
    }
}

package io.rootstock.corpus.quality;

import static io.rootstock.corpus.quality.NaiveText.count;
import static io.rootstock.corpus.quality.NaiveText.length;
import static io.rootstock.corpus.quality.NaiveText.splitLines;
import static io.rootstock.corpus.quality.NaiveText.strip;
import static io.rootstock.corpus.quality.NaiveText.words;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Gopher's and FineWeb's rules on strings, in the order of datatrove's filters: the reference of the steps. */
final class NaiveRules {
    private NaiveRules() {}

    static String gopherQuality(GopherQualityFilter rules, String text) {
        List<String> words = words(text);
        List<String> plain = words.stream()
                .filter(word -> word.codePoints().anyMatch(c -> !isPunctuation(c)))
                .toList();
        List<String> lines = splitLines(text);
        double mean = plain.stream().mapToInt(NaiveText::length).average().orElse(Double.NaN);
        if (rules.minWords() != 0 && plain.size() < rules.minWords()) {
            return "too few words";
        }
        if (rules.maxWords() != 0 && plain.size() > rules.maxWords()) {
            return "too many words";
        }
        if (rules.minMeanWordLength() != 0 && mean < rules.minMeanWordLength()) {
            return "words too short";
        }
        if (rules.maxMeanWordLength() != 0 && mean > rules.maxMeanWordLength()) {
            return "words too long";
        }
        double ratio = rules.maxSymbolWordRatio();
        if (ratio != 0 && (double) count(text, "#") / words.size() > ratio) {
            return "too many hash signs";
        }
        if (ratio != 0 && (double) (count(text, "...") + count(text, "…")) / words.size() > ratio) {
            return "too many ellipses";
        }
        double bullets = lines.stream()
                .filter(line -> strip(line).startsWith("•") || strip(line).startsWith("-"))
                .count();
        if (rules.maxBulletLines() != 0 && bullets / lines.size() > rules.maxBulletLines()) {
            return "too many bullet lines";
        }
        double ellipses = lines.stream()
                .filter(line -> strip(line).endsWith("...") || strip(line).endsWith("…"))
                .count();
        if (rules.maxEllipsisLines() != 0 && ellipses / lines.size() > rules.maxEllipsisLines()) {
            return "too many lines that end with an ellipsis";
        }
        double alphabetic = words.stream()
                .filter(word -> word.codePoints().anyMatch(Character::isLetter))
                .count();
        if (rules.minAlphabeticWords() != 0 && alphabetic / words.size() < rules.minAlphabeticWords()) {
            return "too few words with letters";
        }
        Set<String> stopWords = new HashSet<>(rules.stopWords());
        stopWords.retainAll(new HashSet<>(words));
        return rules.minStopWords() != 0 && stopWords.size() < rules.minStopWords() ? "too few stop words" : "";
    }

    static String gopherRepetition(GopherRepetitionFilter rules, String text) {
        if (text.isEmpty()) {
            return "empty";
        }
        double characters = length(text);
        Duplicates paragraphs = Duplicates.of(List.of(strip(text).split("\n{2,}", -1)));
        if (rules.maxDuplicateParagraphs() != 0 && paragraphs.share() > rules.maxDuplicateParagraphs()) {
            return "too many duplicate paragraphs";
        }
        if (rules.maxDuplicateParagraphCharacters() != 0
                && paragraphs.characters() / characters > rules.maxDuplicateParagraphCharacters()) {
            return "too many characters in duplicate paragraphs";
        }
        Duplicates lines = Duplicates.of(List.of(text.split("\n+", -1)));
        if (rules.maxDuplicateLines() != 0 && lines.share() > rules.maxDuplicateLines()) {
            return "too many duplicate lines";
        }
        if (rules.maxDuplicateLineCharacters() != 0
                && lines.characters() / characters > rules.maxDuplicateLineCharacters()) {
            return "too many characters in duplicate lines";
        }
        List<String> words = words(text);
        for (NGramLimit limit : rules.topNGrams()) {
            Map<String, Integer> counts = new LinkedHashMap<>();
            for (List<String> nGram : nGrams(words, limit.words())) {
                counts.merge(String.join(" ", nGram), 1, Integer::sum);
            }
            int largest =
                    counts.values().stream().mapToInt(count -> count).max().orElse(0);
            for (Map.Entry<String, Integer> entry : counts.entrySet()) {
                if (entry.getValue() == largest) {
                    if (length(entry.getKey()) * largest / characters > limit.characterFraction()) {
                        return "most frequent " + limit.words() + "-gram too frequent";
                    }
                    break;
                }
            }
        }
        for (NGramLimit limit : rules.duplicateNGrams()) {
            if (duplicateCharacters(words, limit.words()) / characters > limit.characterFraction()) {
                return "too many duplicate " + limit.words() + "-grams";
            }
        }
        return "";
    }

    private static List<List<String>> nGrams(List<String> words, int n) {
        return IntStream.rangeClosed(0, words.size() - n)
                .mapToObj(at -> words.subList(at, at + n))
                .toList();
    }

    private static int duplicateCharacters(List<String> words, int n) {
        Set<List<String>> seen = new HashSet<>();
        int characters = 0;
        int at = 0;
        while (at + n <= words.size()) {
            List<String> nGram = words.subList(at, at + n);
            if (seen.add(nGram)) {
                at++;
            } else {
                characters += length(String.join("", nGram));
                at += n;
            }
        }
        return characters;
    }

    static String fineWeb(FineWebQualityFilter rules, String text) {
        List<String> lines = List.of(text.split("\n", -1)).stream()
                .filter(line -> !strip(line).isEmpty())
                .toList();
        if (lines.isEmpty()) {
            return "empty";
        }
        double terminal = lines.stream()
                        .filter(line -> isTerminal(line.codePointBefore(line.length())))
                        .count()
                / (double) lines.size();
        if (terminal < rules.minTerminalLines() && !(terminal == 0 && rules.keepWithoutTerminals())) {
            return "too few lines with terminal punctuation";
        }
        double shortLines = lines.stream()
                .filter(line -> length(line) <= rules.shortLineLength())
                .count();
        if (rules.maxShortLines() != 0 && shortLines / lines.size() > rules.maxShortLines()) {
            return "too many short lines";
        }
        double duplicate = Duplicates.of(lines).characters();
        if (duplicate / length(text.replace("\n", "")) > rules.maxDuplicateCharacters()) {
            return "too many characters in duplicate lines";
        }
        double newlines = count(text, "\n");
        boolean list = rules.maxNewlinesPerWord() != 0 && newlines / words(text).size() > rules.maxNewlinesPerWord();
        return list ? "too many line feeds for its words" : "";
    }

    static String withoutRepeatedLines(int minBytes, String text) {
        Set<String> seen = new HashSet<>();
        return List.of(text.split("(?<=\n)", -1)).stream()
                .filter(piece -> {
                    String line = piece.replace("\n", "");
                    return strip(line).isEmpty()
                            || line.getBytes(StandardCharsets.UTF_8).length < minBytes
                            || seen.add(line);
                })
                .collect(Collectors.joining());
    }

    static boolean isPunctuation(int codePoint) {
        String beyondAscii = "«´»–—’“”„…∶━►、。〈〉《》「」【】！％（），．１：；？～";
        boolean control =
                (codePoint < 32 && codePoint != 9 && codePoint != 10) || (codePoint >= 127 && codePoint < 160);
        boolean ascii = codePoint > 32 && codePoint < 127 && !Character.isLetterOrDigit(codePoint);
        return control || ascii || beyondAscii.indexOf(codePoint) >= 0;
    }

    /** Terminal punctuation of the scripts that the tests use. */
    static boolean isTerminal(int codePoint) {
        return (CharacterClass.of(codePoint) & CharacterClass.TERMINAL) != 0;
    }

    private record Duplicates(int parts, int duplicates, int characters) {
        static Duplicates of(List<String> parts) {
            Set<String> seen = new HashSet<>();
            int duplicates = 0;
            int characters = 0;
            for (String part : parts) {
                if (!seen.add(part)) {
                    duplicates++;
                    characters += length(part);
                }
            }
            return new Duplicates(parts.size(), duplicates, characters);
        }

        double share() {
            return (double) duplicates / parts;
        }
    }
}

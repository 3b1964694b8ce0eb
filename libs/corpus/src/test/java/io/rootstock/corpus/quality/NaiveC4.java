package io.rootstock.corpus.quality;

import static io.rootstock.corpus.quality.NaiveText.length;
import static io.rootstock.corpus.quality.NaiveText.splitLines;
import static io.rootstock.corpus.quality.NaiveText.strip;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** C4's rules on strings, in the order of datatrove's filter: the reference of {@link C4QualityFilter}. */
final class NaiveC4 {
    private static final Pattern CITATION = Pattern.compile("\\[\\p{Nd}*]|\\[edit]|\\[citation needed]");
    private static final Pattern ENDING = Pattern.compile("[" + terminals() + "]+[\"')\\]}»”’」』）】]*");

    /** Text left, or "removed: " with the reason. */
    static String filter(C4QualityFilter rules, String text) {
        List<String> kept = new ArrayList<>();
        int sentences = 0;
        for (String raw : splitLines(text)) {
            String line = strip(raw);
            List<String> words = List.of(line.split("[" + NaiveText.SPACES + "]+", -1)).stream()
                    .filter(word -> !word.isEmpty())
                    .toList();
            if (rules.maxWordLength() != 0 && words.stream().anyMatch(word -> length(word) > rules.maxWordLength())) {
                continue;
            }
            if (rules.removeCitations()) {
                line = CITATION.matcher(line).replaceAll("");
            }
            boolean terminated = line.matches("(?s).*[.?!\"']") && !line.endsWith("...");
            if ((rules.requireTerminal() && !terminated) || words.size() < rules.minWordsPerLine()) {
                continue;
            }
            String lower = lowerAscii(line);
            if (rules.removeLoremIpsum() && lower.contains("lorem ipsum")) {
                return "removed: lorem ipsum";
            }
            if (rules.removeJavascript() && lower.contains("javascript")) {
                continue;
            }
            if (rules.removeCurlyBrackets() && line.contains("{")) {
                return "removed: curly bracket";
            }
            if (rules.removePolicies()
                    && lower.matches("(?s).*(terms of use|privacy policy|cookie policy|uses cookies|use of cookies|"
                            + "use cookies).*")) {
                continue;
            }
            sentences += sentences(line);
            kept.add(line);
        }
        return sentences < rules.minSentences() ? "removed: too few sentences" : strip(String.join("\n", kept));
    }

    private static String lowerAscii(String text) {
        StringBuilder lower = new StringBuilder();
        text.codePoints().forEach(c -> lower.appendCodePoint(c >= 'A' && c <= 'Z' ? c + 32 : c));
        return lower.toString();
    }

    static int sentences(String line) {
        Matcher ending = ENDING.matcher(line);
        int sentences = 0;
        int open = 0;
        while (ending.find()) {
            boolean cjk = ending.group().charAt(0) > 0x3000;
            boolean last = ending.end() == line.length();
            boolean initial = ending.group().startsWith(".")
                    && line.substring(0, ending.start()).matches("(?s)(.*[^\\p{L}\\p{M}\\p{N}])?[A-Z]");
            if (cjk || last || (NaiveText.isSpace(line.codePointAt(ending.end())) && !initial)) {
                sentences++;
                open = ending.end();
            }
        }
        return sentences + (strip(line.substring(open)).isEmpty() ? 0 : 1);
    }

    private static String terminals() {
        return IntStream.range(0, Character.MAX_CODE_POINT)
                .filter(NaiveRules::isTerminal)
                .mapToObj(codePoint -> Pattern.quote(Character.toString(codePoint)))
                .collect(Collectors.joining());
    }

    private NaiveC4() {}
}

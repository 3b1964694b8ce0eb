package io.rootstock.bench.style;

import io.rootstock.bench.source.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The phrases that no source, contract or document uses: the regular expressions in backticks that begin the list items
 * under {@code ## Phrases not to use} in {@code docs/GLOSSARY.md}. Expressions match across line breaks of running text
 * and of comments, which count as one space, and across string literals joined by a line-breaking {@code +}. Code blocks
 * and code spans of documents are not searched: they quote programs. A phrase that is a whole string in double quotes is a
 * name, not prose.
 */
final class PhraseList {
    static final String FILE = "docs/GLOSSARY.md";

    /** Applied migrations never change: Flyway compares their checksums. */
    private static final String MIGRATIONS = "/db/migration/";

    private static final String SECTION = "## Phrases not to use";
    private static final Pattern ITEM = Pattern.compile("[-*] (`+)(.+?)\\1.*");
    private static final Pattern JOINED_LINES =
            Pattern.compile("\"\\s*\\n\\s*\\+\\s*\"|\\n[ \\t]*(?:\\*(?!/)|//+|#+|--)?[ \\t]*");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`]*`");
    private static final int CONTEXT = 30;

    private final List<Pattern> phrases;

    private PhraseList(List<Pattern> phrases) {
        this.phrases = phrases;
    }

    /** Reads the list of a checkout. Throws IllegalStateException where the section is missing or empty. */
    static PhraseList read(Path root) throws IOException {
        return parse(Files.readString(root.resolve(FILE)));
    }

    static PhraseList parse(String glossary) {
        List<Pattern> phrases = new ArrayList<>();
        boolean inSection = false;
        for (String line : glossary.lines().toList()) {
            if (line.startsWith("#")) {
                inSection = line.strip().equals(SECTION);
            }
            Matcher item = ITEM.matcher(line);
            if (inSection && item.matches()) {
                phrases.add(Pattern.compile(item.group(2)));
            }
        }
        if (phrases.isEmpty()) {
            throw new IllegalStateException(FILE + ": no list items with a regular expression under '" + SECTION + "'");
        }
        return new PhraseList(phrases);
    }

    /** Every match in the files other than the glossary, in order of file and line. */
    List<Place> find(ProjectFiles files) throws IOException {
        List<Place> places = new ArrayList<>();
        for (Path file : files.all()) {
            String name = files.relative(file);
            if (!name.equals(FILE) && !name.contains(MIGRATIONS)) {
                places.addAll(find(name, Files.readString(file)));
            }
        }
        return places;
    }

    List<Place> find(String name, String content) {
        JoinedText text = JoinedText.of(name.endsWith(".md") ? withoutCode(content) : content);
        List<Place> places = new ArrayList<>();
        for (Pattern phrase : phrases) {
            Matcher match = phrase.matcher(text.joined());
            while (match.find()) {
                if (isQuoted(text.joined(), match)) {
                    continue;
                }
                String around = text.joined()
                        .substring(
                                Math.max(0, match.start() - CONTEXT),
                                Math.min(text.joined().length(), match.end() + CONTEXT));
                places.add(new Place(name, text.line(match.start()), "'" + match.group() + "' in: " + around.strip()));
            }
        }
        places.sort((a, b) -> Long.compare(a.line(), b.line()));
        return places;
    }

    /** Whether double quotes enclose exactly the match: a name, such as a user of the operating system. */
    private static boolean isQuoted(String text, Matcher match) {
        return match.start() > 0
                && match.end() < text.length()
                && text.charAt(match.start() - 1) == '"'
                && text.charAt(match.end()) == '"';
    }

    /** Removes code blocks and code spans and keeps their line breaks, so that line numbers stay. */
    private static String withoutCode(String document) {
        return CODE.matcher(document)
                .replaceAll(block -> "\n".repeat((int)
                        block.group().chars().filter(c -> c == '\n').count()));
    }

    /**
     * A text with its lines joined.
     *
     * @param lineStarts offsets in {@code joined}, ascending, at which lines 2, 3 and so on of the original begin
     */
    private record JoinedText(String joined, List<Integer> lineStarts) {
        static JoinedText of(String original) {
            StringBuilder joined = new StringBuilder();
            List<Integer> lineStarts = new ArrayList<>();
            Matcher breaks = JOINED_LINES.matcher(original);
            int copied = 0;
            while (breaks.find()) {
                joined.append(original, copied, breaks.start());
                if (!breaks.group().startsWith("\"")) {
                    joined.append(' ');
                }
                breaks.group().chars().filter(c -> c == '\n').forEach(c -> lineStarts.add(joined.length()));
                copied = breaks.end();
            }
            joined.append(original, copied, original.length());
            return new JoinedText(joined.toString(), lineStarts);
        }

        long line(int offset) {
            return 1 + lineStarts.stream().filter(start -> start <= offset).count();
        }
    }
}

package io.rootstock.evaluation.task.template;

import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of Python's {@code re}, run by Java's engine with Unicode classes. Each application may read
 * {@link TaskLimits#REGEX_READS} characters, so that backtracking ends.
 */
public final class PythonRegex {
    private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?P<([A-Za-z][A-Za-z0-9]*)>");
    private static final Pattern GROUP_REFERENCE = Pattern.compile("\\(\\?P=([A-Za-z][A-Za-z0-9]*)\\)");
    private static final Pattern REPLACEMENT =
            Pattern.compile("\\\\(?:([0-9]{1,2})|g<([A-Za-z0-9]+)>|(.))", Pattern.DOTALL);

    private final YamlText source;
    private final Pattern pattern;

    private PythonRegex(YamlText source, Pattern pattern) {
        this.source = source;
        this.pattern = pattern;
    }

    /**
     * Compiles an expression.
     *
     * @throws InvalidFileException if Java's engine does not accept it
     */
    public static PythonRegex compile(YamlText source) {
        String named = GROUP_NAME.matcher(source.text()).replaceAll("(?<$1>");
        String java = GROUP_REFERENCE.matcher(named).replaceAll("\\\\k<$1>").replace("\\Z", "\\z");
        try {
            return new PythonRegex(source, Pattern.compile(java, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES));
        } catch (PatternSyntaxException e) {
            throw source.error(
                    "invalid regular expression '" + source.text() + "': " + e.getDescription(),
                    "write an expression that Python and Java both accept");
        } catch (StackOverflowError _) {
            throw source.error("the regular expression is nested too deep", "write a shorter expression");
        }
    }

    /** {@code re.sub(pattern, "", text)}. */
    public String remove(String text) {
        return replace(text, "", 0);
    }

    /**
     * {@code re.sub(pattern, replacement, text, count)}.
     *
     * @param count largest number of replacements; 0 for all
     */
    public String replace(String text, String replacement, int count) {
        return bounded(text, matcher -> {
            StringBuilder out = new StringBuilder();
            int copied = 0;
            int replaced = 0;
            while ((count == 0 || replaced < count) && matcher.find()) {
                out.append(text, copied, matcher.start());
                out.append(expanded(replacement, matcher));
                if (out.length() > TaskLimits.RENDERED_CHARACTERS) {
                    throw source.error(
                            "a replacement is longer than " + TaskLimits.RENDERED_CHARACTERS + " characters",
                            "shorten the replacement");
                }
                copied = matcher.end();
                replaced++;
            }
            return out.append(text, copied, text.length()).toString();
        });
    }

    private String expanded(String replacement, Matcher match) {
        if (replacement.indexOf('\\') < 0) {
            return replacement;
        }
        StringBuilder out = new StringBuilder();
        Matcher escape = REPLACEMENT.matcher(replacement);
        int copied = 0;
        while (escape.find()) {
            out.append(replacement, copied, escape.start());
            copied = escape.end();
            out.append(escaped(escape, match));
        }
        return out.append(replacement, copied, replacement.length()).toString();
    }

    private String escaped(Matcher escape, Matcher match) {
        try {
            if (escape.group(1) != null) {
                return orEmpty(match.group(Integer.parseInt(escape.group(1))));
            }
            if (escape.group(2) != null) {
                return orEmpty(
                        Character.isDigit(escape.group(2).charAt(0))
                                ? match.group(Integer.parseInt(escape.group(2)))
                                : match.group(escape.group(2)));
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException _) {
            throw source.error(
                    "invalid group reference '" + escape.group() + "'", "refer to a group of the expression");
        }
        return switch (escape.group(3)) {
            case "n" -> "\n";
            case "t" -> "\t";
            case "r" -> "\r";
            case "\\" -> "\\";
            default -> throw source.error("invalid escape '" + escape.group() + "'", "write a backslash twice");
        };
    }

    /**
     * The match that lm-evaluation-harness' regex filter takes: {@code re.findall(text)[index]}, of several groups the
     * first that is not empty, without white space at the ends; {@code fallback} where there is none.
     *
     * @param index index of the match, negative from the end
     */
    public String extract(String text, int index, String fallback) {
        return bounded(text, matcher -> {
            List<String> matches = new ArrayList<>();
            while (matcher.find()) {
                matches.add(firstGroup(matcher, fallback));
            }
            if (matches.isEmpty()) {
                return fallback;
            }
            int at = index < 0 ? matches.size() + index : index;
            if (at < 0 || at >= matches.size()) {
                throw source.error(
                        "group_select " + index + " exceeds the " + matches.size() + " matches in a response",
                        "write group_select: 0 or -1");
            }
            return Python.strip(Text.of(matches.get(at)), null, true, true).toString();
        });
    }

    private static String firstGroup(Matcher matcher, String fallback) {
        if (matcher.groupCount() < 2) {
            return orEmpty(matcher.group(matcher.groupCount()));
        }
        for (int i = 1; i <= matcher.groupCount(); i++) {
            if (!orEmpty(matcher.group(i)).isEmpty()) {
                return matcher.group(i);
            }
        }
        return fallback;
    }

    private static String orEmpty(String group) {
        return group == null ? "" : group;
    }

    private String bounded(String text, java.util.function.Function<Matcher, String> work) {
        try {
            return work.apply(pattern.matcher(new CountedText(text, source, new AtomicLong(), 0, text.length())));
        } catch (StackOverflowError _) {
            throw source.error(
                    "the regular expression needs too much stack on a text of " + text.length() + " characters",
                    "avoid repeated groups such as (a|b)*");
        }
    }

    /** A text that limits how many characters the engine reads; parts share the count. */
    private record CountedText(String text, YamlText source, AtomicLong reads, int from, int to)
            implements CharSequence {
        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (reads.incrementAndGet() > TaskLimits.REGEX_READS) {
                throw source.error(
                        "the regular expression reads more than " + TaskLimits.REGEX_READS + " characters of a text",
                        "avoid nested repetition such as (a+)+");
            }
            return text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text, source, reads, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}

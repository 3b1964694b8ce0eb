package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Slices;
import io.rootstock.chat.jinja.value.Splits;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Methods of Python's {@code str} that templates use. */
final class TextMethods {
    private TextMethods() {}

    /** Finds a method of a text by name. */
    static Optional<Function> find(Text text, String name) {
        return KNOWN.contains(name)
                ? Optional.of((positional, named) -> call(text, name, new Arguments(positional, named)))
                : Optional.empty();
    }

    private static final java.util.Set<String> KNOWN = java.util.Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "startswith",
            "endswith",
            "upper",
            "lower",
            "title",
            "capitalize",
            "replace",
            "find",
            "rfind",
            "index",
            "count",
            "join",
            "removeprefix",
            "removesuffix",
            "partition",
            "rpartition",
            "isdigit",
            "isalpha",
            "isalnum",
            "isspace",
            "isupper",
            "islower",
            "format",
            "zfill",
            "ljust",
            "rjust");

    private static Object call(Text text, String name, Arguments arguments) {
        String flat = text.toString();
        arguments.read(text);
        return switch (name) {
            case "strip" -> Python.strip(text, arguments.characters(0, "chars"), true, true);
            case "lstrip" -> Python.strip(text, arguments.characters(0, "chars"), true, false);
            case "rstrip" -> Python.strip(text, arguments.characters(0, "chars"), false, true);
            case "split" -> Splits.split(text, arguments.characters(0, "sep"), arguments.whole(1, "maxsplit", -1));
            case "rsplit" -> Splits.fromRight(text, arguments.characters(0, "sep"), arguments.whole(1, "maxsplit", -1));
            case "splitlines" -> Splits.lines(text, arguments.truth(0, "keepends"));
            case "partition" -> Splits.partition(text, arguments.text(0, "sep").toString(), false);
            case "rpartition" -> Splits.partition(text, arguments.text(0, "sep").toString(), true);
            case "startswith" -> any(arguments.get(0, "prefix"), prefix -> flat.startsWith(prefix));
            case "endswith" -> any(arguments.get(0, "suffix"), suffix -> flat.endsWith(suffix));
            case "removeprefix" -> {
                String prefix = arguments.text(0, "prefix").toString();
                yield flat.startsWith(prefix) ? text.substring(prefix.length(), flat.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = arguments.text(0, "suffix").toString();
                yield flat.endsWith(suffix) ? text.substring(0, flat.length() - suffix.length()) : text;
            }
            case "upper" -> text.mapped(part -> part.toUpperCase(Locale.ROOT));
            case "lower" -> text.mapped(part -> part.toLowerCase(Locale.ROOT));
            case "title" -> title(text);
            case "capitalize" -> capitalize(text);
            case "replace" ->
                replace(text, arguments.text(0, "old"), arguments.text(1, "new"), arguments.whole(2, "count", -1));
            case "find" -> points(flat, text.indexOf(arguments.text(0, "sub").toString(), 0));
            case "rfind" ->
                points(flat, text.lastIndexOf(arguments.text(0, "sub").toString(), flat.length()));
            case "index" -> {
                int at = text.indexOf(arguments.text(0, "sub").toString(), 0);
                if (at < 0) {
                    throw new JinjaException("substring not found");
                }
                yield points(flat, at);
            }
            case "count" -> count(text, arguments.text(0, "sub"));
            case "join" -> join(text, Python.list(arguments.get(0, "iterable")));
            case "isdigit" -> all(flat, Character::isDigit);
            case "isalpha" -> all(flat, Character::isLetter);
            case "isalnum" -> all(flat, Character::isLetterOrDigit);
            case "isspace" -> all(flat, Python::isSpace);
            case "isupper" -> !flat.equals(flat.toLowerCase(Locale.ROOT)) && flat.equals(flat.toUpperCase(Locale.ROOT));
            case "islower" -> !flat.equals(flat.toUpperCase(Locale.ROOT)) && flat.equals(flat.toLowerCase(Locale.ROOT));
            case "format" -> BraceFormats.format(text, arguments);
            case "zfill" -> padding(text, arguments.whole(0, "width", 0), "0").concat(text);
            case "ljust" -> text.concat(padding(text, arguments.whole(0, "width", 0), " "));
            case "rjust" -> padding(text, arguments.whole(0, "width", 0), " ").concat(text);
            default -> throw new JinjaException("'str' has no attribute '" + name + "'");
        };
    }

    private static boolean any(Object choices, java.util.function.Predicate<String> matches) {
        return switch (choices) {
            case Text text -> {
                Budget.read(text.length());
                yield matches.test(text.toString());
            }
            case List<?> list -> list.stream().anyMatch(choice -> choice instanceof Text && any(choice, matches));
            case Undefined undefined -> throw undefined.error();
            default -> throw new JinjaException("must be str or a list of str, not " + Python.type(choices));
        };
    }

    private static Text padding(Text text, long width, String with) {
        return Text.of(with.repeat(Math.clamp(width - Slices.length(text), 0, 1000)));
    }

    private static boolean all(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    private static long points(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    static Text capitalize(Text text) {
        String flat = text.toString();
        if (flat.isEmpty()) {
            return text;
        }
        int first = flat.offsetByCodePoints(0, 1);
        return text.rewritten(flat.substring(0, first).toUpperCase(Locale.ROOT)
                + flat.substring(first).toLowerCase(Locale.ROOT));
    }

    private static Text title(Text text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int c : text.toString().codePoints().toArray()) {
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return text.rewritten(out.toString());
    }

    static Text replace(Text text, Text old, Text with, long most) {
        String flat = text.toString();
        String sought = old.toString();
        List<Text> parts = new ArrayList<>();
        int end = 0;
        long replaced = 0;
        if (sought.isEmpty()) {
            throw new JinjaException("replace: the text to replace is empty");
        }
        for (int at = text.indexOf(sought, 0); at >= 0 && replaced != most; at = text.indexOf(sought, end)) {
            parts.add(text.substring(end, at));
            parts.add(with);
            end = at + sought.length();
            replaced++;
        }
        if (replaced == 0) {
            return text;
        }
        parts.add(text.substring(end, flat.length()));
        return Text.join(parts);
    }

    private static long count(Text text, Text part) {
        String sought = part.toString();
        if (sought.isEmpty()) {
            return Slices.length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(sought, 0); at >= 0; at = text.indexOf(sought, at + sought.length())) {
            count++;
        }
        return count;
    }

    static Text join(Text separator, List<?> values) {
        List<Text> parts = new ArrayList<>();
        for (Object value : values) {
            if (!parts.isEmpty()) {
                parts.add(separator);
            }
            parts.add(Python.str(value));
        }
        return Text.join(parts);
    }
}

package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Instruction rows: a request in plain words, answered by the Java stream that does it. The order of the calls follows from
 * "then", "before" and "after", so that the same words ask for different streams. A composition is the sequence of calls;
 * it is in one split only.
 */
final class StreamRows {
    private static final int MAX_OPERATIONS = 3;
    private static final List<String> SOURCES = List.of(
            "names",
            "words",
            "lines",
            "titles",
            "keys",
            "labels",
            "messages",
            "tokens",
            "attributes",
            "headers",
            "paths",
            "fields");
    private static final List<String> NUMBERS =
            List.of("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
    private static final List<String> LETTERS = List.of("a", "b", "c", "e", "m", "n", "p", "r", "s", "t");

    private StreamRows() {}

    /**
     * @param instruction request
     * @param output Java expression
     */
    record Row(String instruction, String output) {}

    /** Where the word of an argument comes from. */
    private enum Argument {
        NONE,
        NUMBER,
        LETTER
    }

    /** A call between the source and the end, and ways to ask for it; {@code #} is the argument, {@code @} the elements. */
    private enum Operation {
        SHORT(
                Argument.NUMBER,
                "filter(s -> s.length() < #)",
                "keep @ shorter than # characters",
                "drop @ that have # characters or more"),
        LONG(
                Argument.NUMBER,
                "filter(s -> s.length() > #)",
                "keep @ longer than # characters",
                "keep only @ with more than # characters"),
        STARTS(
                Argument.LETTER,
                "filter(s -> s.startsWith(\"#\"))",
                "keep @ that start with \"#\"",
                "select @ beginning with \"#\""),
        CONTAINS(
                Argument.LETTER,
                "filter(s -> s.contains(\"#\"))",
                "keep @ that contain \"#\"",
                "select @ with an \"#\" in them"),
        UPPER(Argument.NONE, "map(String::toUpperCase)", "convert @ to upper case", "write @ in capital letters"),
        STRIP(Argument.NONE, "map(String::strip)", "remove the white space around @", "strip @"),
        SORT(Argument.NONE, "sorted()", "sort @", "put @ in their natural order"),
        REVERSE(Argument.NONE, "sorted(reverseOrder())", "sort @ in reverse", "put @ in descending order"),
        DISTINCT(Argument.NONE, "distinct()", "remove duplicates from @", "keep one of each of @"),
        LIMIT(Argument.NUMBER, "limit(#)", "take the first # of @", "keep at most # of @"),
        SKIP(Argument.NUMBER, "skip(#)", "skip the first # of @", "leave out the first # of @");

        private final Argument argument;
        private final String call;
        private final String phrase;
        private final String otherPhrase;

        Operation(Argument argument, String call, String phrase, String otherPhrase) {
            this.argument = argument;
            this.call = call;
            this.phrase = phrase;
            this.otherPhrase = otherPhrase;
        }
    }

    /** The last call, and ways to ask for it. */
    private enum End {
        LIST("toList()", "return a list", "return them as a list"),
        COUNT("count()", "return their number", "count them"),
        FIRST("findFirst()", "return the first one", "find the first element"),
        JOIN("collect(joining(\", \"))", "join them with commas", "return one text with commas between them");

        private final String call;
        private final String phrase;
        private final String otherPhrase;

        End(String call, String phrase, String otherPhrase) {
            this.call = call;
            this.phrase = phrase;
            this.otherPhrase = otherPhrase;
        }
    }

    /** The calls of a stream. */
    private record Composition(List<Operation> operations, End end) {
        private DemoSplit split() {
            return DemoSplit.ofComposition(toString());
        }
    }

    /** An operation with its argument, in words and as a call. */
    private record Step(String phrase, String call) {
        private String of(String elements) {
            return phrase.replace("@", elements);
        }
    }

    /** Distinct rows of a split, from a fixed seed. */
    static List<Row> of(DemoSplit split, int rows) {
        Random random = new Random(split.seed());
        Set<String> requests = new HashSet<>();
        List<Row> made = new ArrayList<>();
        while (made.size() < rows) {
            Composition composition = composition(random);
            if (composition.split() == split) {
                Row row = row(composition, random);
                if (requests.add(row.instruction())) {
                    made.add(row);
                }
            }
        }
        return made;
    }

    private static Composition composition(Random random) {
        List<Operation> operations = new ArrayList<>(Arrays.asList(Operation.values()));
        Collections.shuffle(operations, random);
        // Longer streams are more, because there are more of them.
        int count = Math.min(MAX_OPERATIONS, 1 + random.nextInt(2 * MAX_OPERATIONS) / 2);
        return new Composition(List.copyOf(operations.subList(0, count)), one(Arrays.asList(End.values()), random));
    }

    private static Row row(Composition composition, Random random) {
        String source = one(SOURCES, random);
        List<Step> steps = composition.operations().stream()
                .map(operation -> step(operation, random))
                .toList();
        String calls = steps.stream().map(step -> "." + step.call()).collect(Collectors.joining());
        String request = words(steps, "the " + source, random) + ", and " + (random.nextBoolean() ? "finally " : "")
                + one(List.of(composition.end().phrase, composition.end().otherPhrase), random) + ".";
        return new Row(
                Character.toUpperCase(request.charAt(0)) + request.substring(1),
                source + ".stream()" + calls + "." + composition.end().call);
    }

    private static Step step(Operation operation, Random random) {
        String phrase = one(List.of(operation.phrase, operation.otherPhrase), random);
        return switch (operation.argument) {
            case NONE -> new Step(phrase, operation.call);
            case LETTER -> {
                String letter = one(LETTERS, random);
                yield new Step(phrase.replace("#", letter), operation.call.replace("#", letter));
            }
            case NUMBER -> {
                int index = random.nextInt(NUMBERS.size());
                yield new Step(
                        phrase.replace("#", NUMBERS.get(index)),
                        operation.call.replace("#", Integer.toString(index + 2)));
            }
        };
    }

    /** The steps in words, in their order or with the later before the earlier ones. */
    private static String words(List<Step> steps, String source, Random random) {
        if (steps.size() == 1) {
            return steps.getFirst().of(source);
        }
        String first = steps.getFirst().of(source);
        String second = steps.get(1).of("them");
        String two = switch (random.nextInt(5)) {
            case 0 -> first + ", then " + second;
            case 1 -> first + " before you " + second;
            case 2 ->
                "before you " + steps.get(1).of(source) + ", "
                        + steps.getFirst().of("them");
            case 3 -> steps.get(1).of(source) + " after you " + steps.getFirst().of("them");
            default ->
                steps.get(1).of(source) + ", but first " + steps.getFirst().of("them");
        };
        return IntStream.range(2, steps.size())
                .mapToObj(i -> (random.nextBoolean() ? ", then " : "; after that ")
                        + steps.get(i).of("them"))
                .collect(Collectors.joining("", two, ""));
    }

    private static <T> T one(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}

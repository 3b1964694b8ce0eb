package io.rootstock.bench.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbered steps of a page that follows calls through the code, by section ({@code ##} heading). A step begins with
 * {@code N. [`Type`](file)} or {@code N. [`Service.Rpc`](file.proto)}; a {@link Label} in italics may stand before the link.
 * Its text continues on indented lines.
 *
 * <p>Two consecutive steps are connected if
 *
 * <ul>
 *   <li>the source of the first names the type of the second, or, where the second is an RPC, its stub or its request,
 *   <li>or the first is an RPC, and the source of the second names its stub or its request,
 *   <li>or the label of the second allows another condition.
 * </ul>
 *
 * <p>The source of a step's type also names all types that the step's text links to. Names count as whole words outside of
 * comments.
 */
record Tour(Map<String, List<Step>> sections) {
    private static final Pattern HEADING = Pattern.compile("## (.+)");
    private static final Pattern NUMBERED = Pattern.compile("(\\d+)\\. (.*)");
    private static final Pattern LINK = Pattern.compile("\\[`([\\w.]+)`]\\(([^)\\s]+)\\)");
    private static final Pattern BEGINNING = Pattern.compile("(?:\\*(\\w+):\\* )?" + LINK.pattern() + "(.*)");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

    /** Relation of a step to the steps before it, where the step before does not name its type. */
    enum Label {
        /** A command of the command line, with which a section or a part of it begins. */
        COMMAND,
        /** A type that an earlier step of the section names. */
        RETURN,
        /** A type whose source names the type of the step before. */
        RECEIVER
    }

    /**
     * A linked type or RPC.
     *
     * @param name simple name of the type, or {@code Service.Rpc}
     * @param file the linked file
     */
    record Target(String name, Path file) {
        boolean isRpc() {
            return file.toString().endsWith(".proto");
        }
    }

    /**
     * A step.
     *
     * @param number its number in the page
     * @param label empty where the step before names the target
     * @param target the type or RPC of the step
     * @param details types that the text of the step links to
     */
    record Step(int number, Optional<Label> label, Target target, List<Target> details) {}

    /**
     * A target with its source.
     *
     * @param target the type or RPC
     * @param text the source without comments
     * @param references names by which other sources refer to the target; one of them suffices
     */
    private record Source(Target target, String text, List<String> references) {
        boolean names(Source other) {
            return other.references.stream().anyMatch(this::names);
        }

        boolean names(String word) {
            return matches(text, "\\b" + Pattern.quote(word) + "\\b");
        }
    }

    /**
     * Reads the steps of a page.
     *
     * @param folder directory of the page, to which its links are relative
     * @throws IllegalStateException if a numbered line of a section does not begin as a step does
     */
    static Tour parse(Path folder, String markdown) {
        Map<String, List<Step>> sections = new LinkedHashMap<>();
        List<Step> steps = new ArrayList<>();
        List<String> lines = markdown.lines().toList();
        for (int index = 0; index < lines.size(); index++) {
            Matcher heading = HEADING.matcher(lines.get(index));
            Matcher numbered = NUMBERED.matcher(lines.get(index));
            if (heading.matches()) {
                steps = new ArrayList<>();
                sections.put(heading.group(1), steps);
            } else if (numbered.matches()) {
                StringBuilder text = new StringBuilder(numbered.group(2));
                while (index + 1 < lines.size() && lines.get(index + 1).startsWith("  ")) {
                    index++;
                    text.append(' ').append(lines.get(index).strip());
                }
                steps.add(step(folder, Integer.parseInt(numbered.group(1)), text.toString()));
            }
        }
        return new Tour(sections);
    }

    private static Step step(Path folder, int number, String text) {
        Matcher beginning = BEGINNING.matcher(text);
        if (!beginning.matches()) {
            throw new IllegalStateException("step " + number + " does not begin with [`Name`](file): " + text);
        }
        Optional<Label> label = Optional.ofNullable(beginning.group(1)).map(name -> label(number, name));
        return new Step(
                number,
                label,
                new Target(
                        beginning.group(2), folder.resolve(beginning.group(3)).normalize()),
                LINK.matcher(beginning.group(4))
                        .results()
                        .map(link -> new Target(
                                link.group(1), folder.resolve(link.group(2)).normalize()))
                        .toList());
    }

    private static Label label(int number, String name) {
        return switch (name) {
            case "Command" -> Label.COMMAND;
            case "Return" -> Label.RETURN;
            case "Receiver" -> Label.RECEIVER;
            default ->
                throw new IllegalStateException(
                        "step " + number + " has the label " + name + "; labels: Command, Return, Receiver");
        };
    }

    /** Reasons for which steps do not agree with the sources, with section, step and files; empty if all agree. */
    List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, List<Step>> section : sections.entrySet()) {
            problems(section.getValue()).stream()
                    .map(problem -> section.getKey() + ", " + problem)
                    .forEach(problems::add);
        }
        return problems;
    }

    private static List<String> problems(List<Step> steps) throws IOException {
        List<String> problems = new ArrayList<>();
        List<Target> earlier = new ArrayList<>();
        Optional<Source> before = Optional.empty();
        for (Step step : steps) {
            String place = "step " + step.number() + " " + step.target().name() + " ("
                    + step.target().file() + "): ";
            if (step.number() != earlier.size() + 1) {
                problems.add(place + "has a wrong number, expected " + (earlier.size() + 1));
            }
            Optional<Source> source = source(step.target());
            if (source.isEmpty()) {
                problems.add(place + "the file does not exist or does not declare it");
            } else {
                disconnected(step, source.get(), before, earlier)
                        .map(place::concat)
                        .ifPresent(problems::add);
                for (Target detail : step.details()) {
                    if (source(detail).isEmpty() || !source.get().names(detail.name())) {
                        problems.add(place + "does not reference " + detail.name() + " (" + detail.file()
                                + "), or that file does not declare it");
                    }
                }
            }
            earlier.add(step.target());
            before = source;
        }
        return problems;
    }

    /** The reason for which a step is not connected to the steps before it; empty if it is. */
    private static Optional<String> disconnected(
            Step step, Source source, Optional<Source> before, List<Target> earlier) {
        if (step.label().equals(Optional.of(Label.COMMAND))) {
            return reason(matches(source.text(), "@Command\\b"), "is not a command: it has no annotation @Command");
        }
        if (before.isEmpty()) {
            return reason(!earlier.isEmpty(), "is the first step of its section, which is a command");
        }
        Source caller = before.get();
        String callerPlace = caller.target().name() + " (" + caller.target().file() + ")";
        Optional<String> noReturn = reason(
                !step.label().equals(Optional.of(Label.RETURN)) || earlier.contains(step.target()),
                "no earlier step of the section names it");
        if (caller.target().isRpc()) {
            return noReturn.or(() -> reason(
                    source.names(caller),
                    "references none of " + caller.references() + " of the step before, " + callerPlace));
        }
        return switch (step.label().orElse(null)) {
            case null -> reason(caller.names(source), "is not referenced by the step before, " + callerPlace);
            case RECEIVER -> reason(source.names(caller), "does not reference the step before, " + callerPlace);
            case RETURN, COMMAND -> noReturn;
        };
    }

    private static Optional<String> reason(boolean fulfilled, String text) {
        return fulfilled ? Optional.empty() : Optional.of(text);
    }

    /** Reads a target's file; empty if the file does not exist or does not declare the target. */
    private static Optional<Source> source(Target target) throws IOException {
        if (!Files.isRegularFile(target.file())) {
            return Optional.empty();
        }
        String text = COMMENT.matcher(Files.readString(target.file())).replaceAll(" ");
        if (!target.isRpc()) {
            boolean declared =
                    matches(text, "\\b(class|interface|record|enum) " + Pattern.quote(target.name()) + "\\b");
            return declared ? Optional.of(new Source(target, text, List.of(target.name()))) : Optional.empty();
        }
        int dot = target.name().lastIndexOf('.');
        String service = target.name().substring(0, Math.max(0, dot));
        String rpc = target.name().substring(dot + 1);
        return Pattern.compile("(?s)\\bservice " + Pattern.quote(service) + "\\s*\\{\\n(?:(?!\\n\\}).)*?\\brpc "
                        + Pattern.quote(rpc) + "\\s*\\(\\s*(?:stream\\s+)?(\\w+)")
                .matcher(text)
                .results()
                .findFirst()
                .map((MatchResult found) -> new Source(target, text, List.of(service + "Grpc", found.group(1))));
    }

    private static boolean matches(String text, String expression) {
        return Pattern.compile(expression).matcher(text).find();
    }
}

package io.rootstock.k8s.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A part of a template. */
sealed interface Node {
    /**
     * A line.
     *
     * @param template its text
     * @param rendered its text with the default values of the chart
     */
    record Line(String template, String rendered) implements Node {
        /** A line without values; braces of other template languages are escaped. */
        static Line of(String text) {
            return new Line(text.replace("{{", "{{ \"{{\" }}"), text);
        }
    }

    /** Lines that show only with values that are not the default, such as a node selector. */
    record Extra(List<String> lines) implements Node {}

    /**
     * A value that replaces generated lines.
     *
     * @param condition expression that is empty by default
     * @param lines lines with the value
     * @param generated lines without it
     */
    record Replacement(String condition, List<String> lines, List<Node> generated) implements Node {}

    /** A difference that a component makes. */
    record Choice(String component, List<Node> with, List<Node> without) implements Node {}

    /** Unites consecutive choices of one component. */
    static List<Node> united(List<Node> nodes) {
        List<Node> united = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof Choice next
                    && !united.isEmpty()
                    && united.getLast() instanceof Choice last
                    && last.component().equals(next.component())) {
                united.removeLast();
                united.add(new Choice(
                        last.component(),
                        concatenated(last.with(), next.with()),
                        concatenated(last.without(), next.without())));
            } else {
                united.add(node);
            }
        }
        return united.stream()
                .map(node -> switch (node) {
                    case Line _, Extra _ -> node;
                    case Replacement replacement ->
                        new Replacement(replacement.condition(), replacement.lines(), united(replacement.generated()));
                    case Choice choice ->
                        new Choice(choice.component(), united(choice.with()), united(choice.without()));
                })
                .toList();
    }

    private static List<Node> concatenated(List<Node> first, List<Node> second) {
        List<Node> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Appends the template. */
    static void write(List<Node> nodes, StringBuilder out) {
        for (Node node : nodes) {
            switch (node) {
                case Line line -> out.append(line.template()).append('\n');
                case Extra extra ->
                    extra.lines().forEach(line -> out.append(line).append('\n'));
                case Replacement replacement -> {
                    out.append("{{- with ").append(replacement.condition()).append(" }}\n");
                    replacement.lines().forEach(line -> out.append(line).append('\n'));
                    out.append("{{- else }}\n");
                    write(replacement.generated(), out);
                    out.append("{{- end }}\n");
                }
                case Choice choice -> write(choice, out);
            }
        }
    }

    private static void write(Choice choice, StringBuilder out) {
        String variable = "$" + Components.key(choice.component());
        if (choice.with().isEmpty()) {
            out.append("{{- if not ").append(variable).append(" }}\n");
            write(choice.without(), out);
        } else {
            out.append("{{- if ").append(variable).append(" }}\n");
            write(choice.with(), out);
            if (!choice.without().isEmpty()) {
                out.append("{{- else }}\n");
                write(choice.without(), out);
            }
        }
        out.append("{{- end }}\n");
    }

    /** Appends the text that Helm renders with default values and these components. */
    static void render(List<Node> nodes, Set<String> components, StringBuilder out) {
        for (Node node : nodes) {
            switch (node) {
                case Line line -> out.append(line.rendered()).append('\n');
                case Extra _ -> {}
                case Replacement replacement -> render(replacement.generated(), components, out);
                case Choice choice ->
                    render(components.contains(choice.component()) ? choice.with() : choice.without(), components, out);
            }
        }
    }
}

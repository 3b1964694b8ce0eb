package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Plain prose from a Javadoc comment: no tags, no entities, no code blocks, one line a paragraph. */
final class Prose {
    private static final Pattern MARGIN = Pattern.compile("(?m)^[ \\t]*(?:\\*+(?!/)|///?)[ \\t]?");
    private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^\\s*@(?=[a-zA-Z])");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0]+");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+(?=[A-Z\"(])");
    /** Elements whose content is code or figures, not prose. */
    private static final Set<String> DROPPED = Set.of("pre", "table", "script", "style", "svg");

    private static final Set<String> PARAGRAPHS = Set.of(
            "p", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "br", "div", "blockquote");

    private Prose() {}

    /**
     * A comment in prose.
     *
     * @param description its paragraphs
     * @param tags what its block tags say, one line each
     */
    record Comment(List<String> description, List<String> tags) {

        /** The first sentence of the description; empty where there is none. */
        String summary() {
            return description.isEmpty()
                    ? ""
                    : sentences(description.getFirst()).getFirst();
        }

        /** The whole comment, one line a paragraph or tag. */
        String text() {
            return java.util.stream.Stream.concat(description.stream(), tags.stream())
                    .collect(Collectors.joining("\n"));
        }
    }

    /**
     * Reads a comment.
     *
     * @param content between the comment's delimiters
     * @param markdown a {@code ///} comment
     */
    static Comment read(String content, boolean markdown) {
        String body = MARGIN.matcher(content).replaceAll("");
        String[] parts = BLOCK_TAG.split(body, -1);
        List<String> tags = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            String line = tag(parts[i]);
            if (!line.isEmpty()) {
                tags.add(line);
            }
        }
        String html = markdown ? fromMarkdown(parts[0]) : parts[0];
        return new Comment(paragraphs(html), tags);
    }

    /** The sentences of a paragraph. */
    static List<String> sentences(String paragraph) {
        return List.of(SENTENCE_END.split(paragraph, -1));
    }

    /** A block tag as a line of prose; empty for those that are not (since, author, see). */
    private static String tag(String tag) {
        String[] words = tag.strip().split("\\s+", 2);
        String content = words.length < 2 ? "" : String.join(" ", paragraphs(words[1]));
        if (content.isEmpty()) {
            return "";
        }
        String[] nameAndRest = content.split(" ", 2);
        String rest = nameAndRest.length < 2 ? "" : nameAndRest[1];
        return switch (words[0]) {
            case "return" -> "Returns: " + content;
            case "param" -> rest.isEmpty() ? "" : "Parameter " + nameAndRest[0] + ": " + rest;
            case "throws", "exception" -> rest.isEmpty() ? "" : "Throws " + nameAndRest[0] + ": " + rest;
            case "apiNote" -> "Note: " + content;
            case "implSpec", "implNote" -> "Implementation: " + content;
            case "deprecated" -> "Deprecated: " + content;
            default -> "";
        };
    }

    private static List<String> paragraphs(String html) {
        Collector collector = new Collector();
        Jsoup.parseBodyFragment(InlineTags.replace(html)).body().traverse(collector);
        return collector.end();
    }

    private static String fromMarkdown(String text) {
        return text.replaceAll("(?s)```.*?```", " ")
                .replaceAll("`([^`]*)`", "{@code $1}")
                .replaceAll("\\[([^]]+)]\\[[^]]*]", "$1")
                .replaceAll("\\[([^]]+)](?!\\()", "$1")
                .replaceAll("\\n\\s*\\n", "<p>");
    }

    /** Gathers text, a new paragraph at each element that starts one. */
    private static final class Collector implements NodeVisitor {
        private final List<String> paragraphs = new ArrayList<>();
        private final StringBuilder current = new StringBuilder();
        private int dropped;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode text && dropped == 0) {
                current.append(text.getWholeText());
            } else if (node instanceof Element element) {
                dropped += DROPPED.contains(element.normalName()) ? 1 : 0;
                breakAt(element);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                dropped -= DROPPED.contains(element.normalName()) ? 1 : 0;
                breakAt(element);
            }
        }

        List<String> end() {
            flush();
            return paragraphs;
        }

        private void breakAt(Element element) {
            if (PARAGRAPHS.contains(element.normalName())) {
                flush();
            }
        }

        private void flush() {
            String paragraph = BLANKS.matcher(current).replaceAll(" ").strip();
            current.setLength(0);
            if (!paragraph.isEmpty()) {
                paragraphs.add(paragraph);
            }
        }
    }
}

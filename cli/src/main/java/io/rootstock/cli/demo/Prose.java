package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Extracts plain text from Javadoc comments: no tags, entities or code blocks; one line per paragraph. */
final class Prose {
    private static final Pattern MARGIN = Pattern.compile("(?m)^[ \\t]*(?:\\*+(?!/)|///?)[ \\t]?");
    private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^\\s*@(?=[a-zA-Z])");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0]+");
    /** Elements whose content is not prose. */
    private static final Set<String> DROPPED = Set.of("pre", "table", "script", "style", "svg");

    private static final Set<String> PARAGRAPHS = Set.of(
            "p", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "br", "div", "blockquote");

    private Prose() {}

    /**
     * Paragraphs of the description of a comment, without block tags.
     *
     * @param content text between the comment delimiters
     * @param markdown whether the comment is a {@code ///} comment
     */
    static List<String> paragraphs(String content, boolean markdown) {
        String body = MARGIN.matcher(content).replaceAll("");
        String description = BLOCK_TAG.split(body, 2)[0];
        Collector collector = new Collector();
        String html = InlineTags.replace(markdown ? fromMarkdown(description) : description);
        Jsoup.parseBodyFragment(html).body().traverse(collector);
        return collector.end();
    }

    private static String fromMarkdown(String text) {
        return text.replaceAll("(?s)```.*?```", " ")
                .replaceAll("`([^`]*)`", "{@code $1}")
                .replaceAll("\\[([^]]+)]\\[[^]]*]", "$1")
                .replaceAll("\\[([^]]+)](?!\\()", "$1")
                .replaceAll("\\n\\s*\\n", "<p>");
    }

    /** Collects text; block elements start a new paragraph. */
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

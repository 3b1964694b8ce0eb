package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
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

    /** Renders the inline tags of a comment as HTML: links as their labels, code as its text. */
    static final class InlineTags {
        private static final Pattern REFERENCE_AND_LABEL =
                Pattern.compile("(\\S+?(?:\\([^)]*\\))?)(?:\\s+(.+))?", Pattern.DOTALL);

        private InlineTags() {}

        static String replace(String html) {
            StringBuilder out = new StringBuilder(html.length());
            int from = 0;
            while (from < html.length()) {
                int open = html.indexOf("{@", from);
                if (open < 0) {
                    break;
                }
                out.append(html, from, open);
                int close = close(html, open);
                if (close < 0) {
                    // An unclosed tag is kept as text.
                    from = open + 2;
                    continue;
                }
                out.append(render(html.substring(open + 2, close)));
                from = close + 1;
            }
            return out.append(html, from, html.length()).toString();
        }

        /** Index of the brace that closes the one at {@code open}, or -1. */
        private static int close(String html, int open) {
            int depth = 0;
            for (int i = open; i < html.length(); i++) {
                char c = html.charAt(i);
                if (c == '{') {
                    depth++;
                } else if (c == '}') {
                    depth--;
                    if (depth == 0) {
                        return i;
                    }
                }
            }
            return -1;
        }

        private static String render(String tag) {
            int end = 0;
            while (end < tag.length() && Character.isLetter(tag.charAt(end))) {
                end++;
            }
            String content = tag.substring(end).strip();
            return switch (tag.substring(0, end)) {
                case "code", "literal" -> escape(content);
                case "link", "linkplain" -> label(content);
                case "return" -> "Returns " + replace(content) + ".";
                case "summary" -> replace(content);
                case "index", "systemProperty" ->
                    escape(content.startsWith("\"") ? quoted(content) : firstWord(content));
                // Tags without text of their own: inheritDoc, value, docRoot, snippet.
                default -> "";
            };
        }

        private static String label(String content) {
            Matcher matcher = REFERENCE_AND_LABEL.matcher(content);
            if (!matcher.matches()) {
                return escape(content);
            }
            if (matcher.group(2) != null) {
                return replace(matcher.group(2));
            }
            String reference = matcher.group(1);
            String bare = reference.startsWith("#") ? reference.substring(1) : reference;
            return escape(bare.replace('#', '.').replaceFirst("^(?:[a-z][a-z0-9]*\\.)+(?=[A-Z])", ""));
        }

        private static String quoted(String content) {
            int end = content.indexOf('"', 1);
            return end < 0 ? content : content.substring(1, end);
        }

        private static String firstWord(String content) {
            return content.split("\\s+", 2)[0];
        }

        private static String escape(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        }
    }
}

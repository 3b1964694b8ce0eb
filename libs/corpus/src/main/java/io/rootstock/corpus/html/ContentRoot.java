package io.rootstock.corpus.html;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Finds the element of a page that contains its main content, and the elements below it that are boilerplate.
 *
 * <p>The root is the deepest element that is named as content ({@code article}, {@code main}, a class such as {@code
 * post-content}) and has at least {@value #SHARE_PERCENT} % of the page's text outside of links and boilerplate. An
 * element named as boilerplate with more than half of that text is kept, because its name misleads.
 */
final class ContentRoot {
    private static final int SHARE_PERCENT = 60;
    private static final Set<String> NAMES = Set.of(
            "content",
            "main-content",
            "maincontent",
            "page-content",
            "article",
            "article-body",
            "article-content",
            "articlebody",
            "article__body",
            "post",
            "post-body",
            "post-content",
            "postcontent",
            "entry",
            "entry-content",
            "blog-post",
            "story-body",
            "story",
            "markdown-body",
            "mw-content-text",
            "mw-parser-output",
            "main",
            "body",
            "document");

    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Candidate> named = new ArrayList<>();
    private final Set<Element> boilerplate = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Element root;
    private final boolean isContent;

    private record Candidate(Element element, int length, int depth) {}

    ContentRoot(Element body) {
        int total = measure(body, 0, 0, false);
        for (Candidate candidate : named) {
            if (2L * candidate.length < total + candidate.length) {
                boilerplate.add(candidate.element);
            }
        }
        Element best = body;
        int depth = 0;
        for (Candidate candidate : candidates) {
            if (candidate.depth > depth && 100L * candidate.length >= (long) SHARE_PERCENT * total) {
                best = candidate.element;
                depth = candidate.depth;
            }
        }
        root = best;
        isContent = depth > 0;
    }

    /** The element with the main content. */
    Element root() {
        return root;
    }

    /** Whether the root is named as content. */
    boolean isContent() {
        return isContent;
    }

    /** Elements named as boilerplate. */
    Set<Element> boilerplate() {
        return boilerplate;
    }

    /** Returns the characters below an element outside of links and boilerplate, and collects candidates. */
    private int measure(Element parent, int depth, int start, boolean inside) {
        int length = start;
        int size = parent.childNodeSize();
        for (int i = 0; i < size; i++) {
            Node node = parent.childNode(i);
            if (node instanceof TextNode text) {
                length += visible(text.getWholeText());
            } else if (node instanceof Element element) {
                ElementRole role = ElementRole.of(element.normalName());
                if (role != ElementRole.SKIPPED && role != ElementRole.LINK) {
                    length += measureElement(element, role, depth + 1, inside);
                }
            }
        }
        return length;
    }

    private int measureElement(Element element, ElementRole role, int depth, boolean inside) {
        if (!inside && Boilerplate.isNamedSo(element)) {
            int length = measure(element, depth, 0, true);
            named.add(new Candidate(element, length, depth));
            return 0;
        }
        int length = measure(element, depth, 0, inside);
        if (role == ElementRole.BLOCK && !inside && isNamedContent(element)) {
            candidates.add(new Candidate(element, length, depth));
        }
        return length;
    }

    private static boolean isNamedContent(Element element) {
        String name = element.normalName();
        if (name.equals("article") || name.equals("main")) {
            return true;
        }
        return element.attributesSize() > 0
                && (element.attr("role").equals("main")
                        || element.attr("itemprop").equals("articleBody")
                        || NAMES.contains(element.id().toLowerCase(Locale.ROOT))
                        || hasContentClass(element.className()));
    }

    private static boolean hasContentClass(String names) {
        if (names.isEmpty()) {
            return false;
        }
        for (String name : names.toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (NAMES.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static int visible(String text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            count += text.charAt(i) > ' ' ? 1 : 0;
        }
        return count;
    }
}

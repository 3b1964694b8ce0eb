package io.rootstock.corpus.html;

import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * Extracts the text of the main content of web pages: paragraphs, headings, lists, tables, and preformatted text with
 * its white space.
 *
 * <p>Navigation, footers, forms, scripts, hidden elements and blocks of links are left out. Paragraphs and headings are
 * separated by a blank line; list items begin with {@code "- "}.
 *
 * @param settings settings
 */
public record HtmlExtractor(HtmlSettings settings) {
    /** Deepest nesting of elements that is parsed; deeper elements become siblings. */
    private static final int MAX_DEPTH = 400;

    /** Returns the text of a page, empty if it has none. */
    public String extract(String page) {
        Document document = Parser.htmlParser().setMaxDepth(MAX_DEPTH).parseInput(page, "");
        Element body = document.body();
        ContentRoot content = new ContentRoot(body);
        List<Block> found = collect(content.root(), content.boilerplate());
        List<Block> blocks = BlockSelector.select(found, content.isContent());
        if (blocks.isEmpty()) {
            blocks = BlockSelector.selectSentences(found);
        }
        StringBuilder text = new StringBuilder();
        if (settings.title()) {
            addTitle(document.title().strip(), blocks, text);
        }
        ElementRole before = null;
        for (Block block : blocks) {
            separate(text, before, block.kind());
            if (block.kind() == ElementRole.ITEM) {
                text.append("- ");
            }
            text.append(block.text());
            before = block.kind();
        }
        return text.toString();
    }

    private List<Block> collect(Element root, Set<Element> boilerplate) {
        return new BlockCollector(settings.tables(), boilerplate).collect(root);
    }

    private static void addTitle(String title, List<Block> blocks, StringBuilder text) {
        boolean repeated = !blocks.isEmpty() && blocks.getFirst().text().equals(title);
        if (!title.isEmpty() && !repeated) {
            text.append(title);
        }
    }

    private static void separate(StringBuilder text, ElementRole before, ElementRole kind) {
        if (!text.isEmpty()) {
            boolean together = kind == before && (kind == ElementRole.ITEM || kind == ElementRole.ROW);
            text.append(together ? "\n" : "\n\n");
        }
    }
}

package io.rootstock.cli.report;

import io.rootstock.cli.display.VisibleText;
import java.util.List;

/** Writes HTML; texts and values of attributes are escaped. */
final class Html {
    private final StringBuilder page = new StringBuilder();

    /** Appends markup of this package as it is. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** Appends a text. */
    Html text(String text) {
        page.append(escape(text));
        return this;
    }

    /** Appends an element that has a text only. */
    Html element(String tag, String text) {
        return raw("<" + tag + ">").text(text).raw("</" + tag + ">");
    }

    /** Appends a table with a header; cells are texts. */
    Html table(List<String> header, List<List<String>> rows) {
        raw("<table>\n<thead><tr>");
        header.forEach(name -> element("th", name));
        raw("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            raw("<tr>");
            row.forEach(cell -> element("td", cell));
            raw("</tr>\n");
        }
        return raw("</tbody>\n</table>\n");
    }

    String markup() {
        return page.toString();
    }

    /**
     * Returns a text for an element or a quoted attribute. Control characters and changes of the writing direction,
     * other than line ends and tabs, are shown as {@code \\u{...}}.
     */
    static String escape(String text) {
        StringBuilder result = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> result.append("&amp;");
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '"' -> result.append("&quot;");
                case '\'' -> result.append("&#39;");
                case '\n', '\t' -> result.appendCodePoint(c);
                default -> VisibleText.append(c, result);
            }
        });
        return result.toString();
    }
}

package io.rootstock.corpus.html;

/**
 * A paragraph, heading, list item, table row or preformatted text of a page.
 *
 * @param kind role of its element
 * @param text text; white space is normalised unless it is preformatted
 * @param linkLength characters of the text that lie inside of links
 */
record Block(ElementRole kind, String text, int linkLength) {
    /** Share of the text that lies inside of links, 0 to 1. */
    double linkDensity() {
        return text.isEmpty() ? 0 : (double) linkLength / text.length();
    }
}

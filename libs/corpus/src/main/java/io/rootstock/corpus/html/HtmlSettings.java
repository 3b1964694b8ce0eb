package io.rootstock.corpus.html;

/**
 * Settings of the extraction of text.
 *
 * @param title whether the page's title is the first line, unless the text begins with it
 * @param tables whether rows of tables are kept, with {@code " | "} between cells
 */
public record HtmlSettings(boolean title, boolean tables) {
    /** Tables, and no title. */
    public static final HtmlSettings DEFAULT = new HtmlSettings(false, true);
}

package io.rootstock.corpus;

/**
 * A document of a corpus.
 *
 * @param location file and position in it that it was read from, for reports
 * @param url address that it was fetched from; empty if unknown
 * @param licence SPDX identifier of its licence; empty if unknown
 * @param text its text
 */
public record Document(String location, String url, String licence, Text text) {
    /** Returns this document with another text. */
    public Document withText(Text changed) {
        return new Document(location, url, licence, changed);
    }
}

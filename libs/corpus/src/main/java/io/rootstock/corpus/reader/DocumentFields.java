package io.rootstock.corpus.reader;

/**
 * Names of the fields or columns of a document.
 *
 * @param text its text; required in each record
 * @param url its address; empty if the files have none
 * @param licence its licence; empty if the files have none
 */
public record DocumentFields(String text, String url, String licence) {
    /** {@code text} and {@code url}, as in most published corpora. */
    public static final DocumentFields STANDARD = new DocumentFields("text", "url", "");

    public DocumentFields {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the name of the text field is empty");
        }
    }
}

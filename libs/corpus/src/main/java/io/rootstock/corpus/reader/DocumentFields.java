package io.rootstock.corpus.reader;

/**
 * Names of the fields or columns of a document. In JSON, {@code content.body} is the field {@code body} of the object
 * {@code content}, unless the record has a field with the whole name.
 *
 * @param text its text; required in each record
 * @param url its address; empty if the files have none
 * @param licence its licence; empty if the files have none
 */
public record DocumentFields(String text, String url, String licence) {
    /** {@code text} and {@code url}, as in most published corpora. */
    public static final DocumentFields DEFAULT = new DocumentFields("text", "url", "");

    public DocumentFields {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the name of the text field is empty");
        }
    }

    /** Whether the object at a path, such as {@code content}, may hold one of the fields. */
    boolean hasBelow(String path) {
        return isBelow(path, text) || isBelow(path, url) || isBelow(path, licence);
    }

    /** Whether a name is a path into the object at another path. */
    static boolean isBelow(String path, String name) {
        return name.length() > path.length() && name.charAt(path.length()) == '.' && name.startsWith(path);
    }
}

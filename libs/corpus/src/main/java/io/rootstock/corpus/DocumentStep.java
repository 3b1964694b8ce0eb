package io.rootstock.corpus;

/** A step of a recipe that looks at one document at a time. Thread-safe; the same document always has the same outcome. */
public interface DocumentStep {
    /** Name in recipes and reports: lower-case words with hyphens. */
    String name();

    /** Version of the step's rules; changes whenever some document would have another outcome. */
    int version();

    /** Keeps, changes or removes a document. */
    Outcome apply(Document document);
}

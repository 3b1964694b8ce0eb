package io.rootstock.corpus.licence;

/** Decision about a document without a licence, or with one that is on no list. */
public enum UnknownLicence {
    /** The document stays. */
    KEEP,

    /** The document is removed. */
    REMOVE
}

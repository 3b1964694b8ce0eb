package io.rootstock.panama;

/** The dynamic linker cannot open a shared library; the message is its error text, which names the missing file. */
public final class LibraryMissingException extends Exception {
    private static final long serialVersionUID = 1L;

    LibraryMissingException(String message) {
        super(message);
    }
}

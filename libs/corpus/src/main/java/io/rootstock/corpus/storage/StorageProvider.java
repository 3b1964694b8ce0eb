package io.rootstock.corpus.storage;

/** A kind of storage, found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface StorageProvider {
    /** Scheme of its addresses, such as {@code s3}. */
    String scheme();

    /**
     * Returns a root; sends no request.
     *
     * @param address address of the root with its parameters
     * @throws IllegalArgumentException with reason and remedy if it is malformed or has credentials; without the credentials
     */
    StorageRoot root(String address);
}

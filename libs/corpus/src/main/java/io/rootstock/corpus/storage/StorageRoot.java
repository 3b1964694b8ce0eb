package io.rootstock.corpus.storage;

import java.util.Optional;
import java.util.function.Consumer;

/** A part of a storage that files may be read from, such as the keys of a bucket with one prefix. Thread-safe. */
public interface StorageRoot {
    /** Address with its parameters and without credentials, from which another process opens the root. */
    String address();

    /** Beginning of the addresses of all its files, with a slash at its end: {@code s3://crawl/2026/}. */
    String prefix();

    /**
     * Lists files.
     *
     * @param beginning beginning of their addresses, inside of the root
     * @param flat whether files with a slash after the beginning are left out
     * @param most largest number of files
     * @throws StorageException if there are more, or the storage refuses the request
     */
    void list(String beginning, boolean flat, int most, Consumer<StoredObject> each) throws StorageException;

    /** Returns a file; empty if it does not exist. */
    Optional<StoredObject> find(String address) throws StorageException;

    /** Opens a file without a request; each read throws {@link StorageException} if the file has another version. */
    StoredFile open(StoredObject object);
}

package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.LocalFile;
import io.rootstock.corpus.storage.StorageRoot;
import io.rootstock.corpus.storage.StoredFile;
import io.rootstock.corpus.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Path;

/** Place of an input file, with its state when the plan was made. Its text is the path or address. */
public sealed interface InputPlace {
    /** Text that changes if the file's content may have changed. */
    String state();

    /** Opens the file. */
    StoredFile open(long bytes) throws IOException;

    /**
     * A file on this machine.
     *
     * @param path its path
     * @param modifiedNanos time of its last change, in nanoseconds since 1970
     */
    record Local(Path path, long modifiedNanos) implements InputPlace {
        @Override
        public String state() {
            return Long.toString(modifiedNanos);
        }

        @Override
        public StoredFile open(long bytes) throws IOException {
            return LocalFile.open(path);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * A file of a storage, of which no other version is read.
     *
     * @param root root that it lies in
     * @param address its address
     * @param version version of its content
     */
    record Stored(StorageRoot root, String address, String version) implements InputPlace {
        @Override
        public String state() {
            return version;
        }

        @Override
        public StoredFile open(long bytes) {
            return root.open(new StoredObject(address, bytes, version));
        }

        @Override
        public String toString() {
            return address;
        }
    }
}

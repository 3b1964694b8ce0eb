package io.rootstock.registry.backup;

/**
 * Progress of an operation over artifacts.
 *
 * @param phase what is done, such as "copying artifacts"
 * @param artifacts number of artifacts that are done
 * @param artifactsTotal number of all
 * @param bytes bytes that are done
 * @param bytesTotal bytes of all
 */
public record CopyProgress(String phase, long artifacts, long artifactsTotal, long bytes, long bytesTotal) {
    /** Receives progress, from one thread at a time, several times per second at most. */
    @FunctionalInterface
    public interface Listener {
        /** An exception stops the operation. */
        void at(CopyProgress progress);
    }
}

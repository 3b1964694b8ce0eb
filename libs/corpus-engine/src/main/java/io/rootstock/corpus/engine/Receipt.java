package io.rootstock.corpus.engine;

import java.io.Serializable;
import java.util.List;

/**
 * Proof that a task is done.
 *
 * @param stage name of the stage
 * @param name name of the unit, or {@code bucket i of n}
 * @param key digest of the stage, its task with version and parameters, and the unit's digest
 * @param content small result of the task, a JSON value
 * @param files files that the task wrote
 */
public record Receipt(String stage, String name, String key, String content, List<OutputFile> files)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public Receipt {
        files = List.copyOf(files);
    }

    /** Digest of all fields, which detects damage of a stored receipt. */
    String checksum() {
        return new Sha256().add(key).add(resultDigest()).digest();
    }

    /**
     * Digest of the result: name, content and files. Keys of later stages contain it; a task that runs again, for another
     * version of its code, and has an equal result therefore repeats no later stage.
     */
    public String resultDigest() {
        Sha256 hash = new Sha256().add(stage).add(name).add(content).add(files.size());
        files.forEach(file -> hash.add(file.path()).add(file.bytes()).add(file.digest()));
        return hash.digest();
    }

    /** Digest of the results of a stage. */
    public static String resultDigest(List<Receipt> receipts) {
        Sha256 hash = new Sha256().add(receipts.size());
        receipts.forEach(receipt -> hash.add(receipt.resultDigest()));
        return hash.digest();
    }

    /**
     * A file that a task wrote.
     *
     * @param path path in the workspace, with {@code /}
     * @param bytes length
     * @param digest {@code sha256:} and 64 hexadecimal digits of its bytes
     */
    public record OutputFile(String path, long bytes, String digest) implements Serializable {
        private static final long serialVersionUID = 1L;
    }
}

package io.rootstock.corpus.engine;

import java.io.Serializable;

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

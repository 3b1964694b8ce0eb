package io.rootstock.registry.database;

import java.security.SecureRandom;

/** Creates random ids of rows. */
public final class RandomId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private RandomId() {}

    /** Returns a prefix followed by random lower-case letters and digits. */
    public static String of(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix);
        RANDOM.ints(length, 0, LETTERS.length()).forEach(letter -> id.append(LETTERS.charAt(letter)));
        return id.toString();
    }
}

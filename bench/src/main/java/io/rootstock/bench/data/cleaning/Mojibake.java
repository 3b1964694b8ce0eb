package io.rootstock.bench.data.cleaning;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** UTF-8 that is read as windows-1252, as browsers decode it: bytes without a character become control characters. */
final class Mojibake {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final char UNDEFINED = '\uFFFD';

    private Mojibake() {}

    /** Misreads a text. */
    static String misread(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] characters = new String(bytes, WINDOWS_1252).toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] == UNDEFINED) {
                characters[i] = (char) (bytes[i] & 0xFF);
            }
        }
        return new String(characters);
    }
}

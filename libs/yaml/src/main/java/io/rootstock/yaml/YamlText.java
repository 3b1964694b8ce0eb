package io.rootstock.yaml;

/**
 * A text of a YAML file with its place.
 *
 * @param text value of the key, after YAML's escapes
 * @param file file that states it
 * @param line line of the value in that file, from 1
 */
public record YamlText(String text, String file, int line) {
    /** Returns the exception for this text. */
    public InvalidFileException error(String reason, String hint) {
        return new InvalidFileException(file, line, reason, hint);
    }
}

package io.rootstock.corpus.engine.spi;

/**
 * A record that cannot be read.
 *
 * @param location file and place in it
 * @param reason reason and remedy
 */
public record RefusedDocument(String location, String reason) {}

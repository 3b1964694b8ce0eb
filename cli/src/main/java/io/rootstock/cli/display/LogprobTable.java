package io.rootstock.cli.display;

import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;
import java.util.stream.Collectors;

/** Tokens with their log-probabilities, for people. */
public final class LogprobTable {
    private static final int DIGITS = 3;

    private LogprobTable() {}

    /** Prints a row for each token; nothing where there are none. */
    public static void print(List<TokenLogprob> tokens, Console console) {
        if (tokens.isEmpty()) {
            return;
        }
        Table table = new Table("token", "text", "log-probability", "likeliest");
        tokens.forEach(token -> table.row(
                token.getToken(),
                piece(token),
                token.hasLogprob() ? Format.fixed(token.getLogprob(), DIGITS) : "-",
                token.getAlternativesList().stream()
                        .map(other -> piece(other) + " " + Format.fixed(other.getLogprob(), DIGITS))
                        .collect(Collectors.joining("  "))));
        table.print(console);
    }

    /** A token's text between quotes, with line ends and tabs shown; a special token as it is. */
    private static String piece(TokenLogprob token) {
        if (!token.getSpecial().isEmpty()) {
            return token.getSpecial();
        }
        String text = token.getPiece().toStringUtf8();
        return "'"
                + text.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t") + "'";
    }
}

package io.rootstock.cli.display;

import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;
import java.util.stream.Collectors;

/** Prints tokens and their log-probabilities as a table. */
public final class LogprobTable {
    private static final int DIGITS = 3;

    private LogprobTable() {}

    /** Prints one row per token; nothing if there are none. */
    public static void print(List<TokenLogprob> tokens, Console console) {
        if (tokens.isEmpty()) {
            return;
        }
        Table table = new Table("token", "text", "logprob", "top logprobs");
        tokens.forEach(token -> table.row(
                token.getToken(),
                text(token),
                token.hasLogprob() ? Format.fixed(token.getLogprob(), DIGITS) : "-",
                token.getTopLogprobsList().stream()
                        .map(other -> text(other) + " " + Format.fixed(other.getLogprob(), DIGITS))
                        .collect(Collectors.joining("  "))));
        table.print(console);
    }

    /** Quoted and escaped text of a token; a special token without quotes. */
    private static String text(TokenLogprob token) {
        if (!token.getSpecial().isEmpty()) {
            return token.getSpecial();
        }
        String raw = token.getPiece().toStringUtf8();
        return "'"
                + raw.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t") + "'";
    }
}

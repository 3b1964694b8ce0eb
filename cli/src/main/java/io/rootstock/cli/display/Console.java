package io.rootstock.cli.display;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/**
 * Where a command writes: results to standard output, everything else to standard error. With {@code json} standard
 * output carries one JSON document a line and nothing else.
 *
 * @param out results
 * @param err progress and notes
 * @param json results as JSON
 * @param interactive standard error is a terminal, so a line may be drawn over
 */
public record Console(PrintWriter out, PrintWriter err, boolean json, boolean interactive) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A line of the result for people; nothing with {@code json}. */
    public void print(String line) {
        if (!json) {
            out.println(line);
            out.flush();
        }
    }

    /** A piece of the result without a line's end; nothing with {@code json}. */
    public void printPiece(String text) {
        if (!json) {
            out.print(text);
            out.flush();
        }
    }

    /** A note that is no result: standard error. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }

    /** Asks a person for yes or no; true without asking where no person can answer: no terminal, or {@code json}. */
    public boolean confirm(String question) {
        if (!interactive || json) {
            return true;
        }
        err.print(question + " [y/N] ");
        err.flush();
        String answer = System.console().readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** A message as one line of JSON; nothing without {@code json}. */
    public void printJson(MessageOrBuilder message) {
        if (json) {
            try {
                out.println(JsonFormat.printer()
                        .omittingInsignificantWhitespace()
                        .alwaysPrintFieldsWithNoPresence()
                        .print(message));
                out.flush();
            } catch (InvalidProtocolBufferException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** Plain values as one line of JSON; nothing without {@code json}. */
    public void printJson(Map<String, ?> values) {
        if (json) {
            try {
                out.println(MAPPER.writeValueAsString(values));
                out.flush();
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}

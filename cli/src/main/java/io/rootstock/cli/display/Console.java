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
 * Output of a command: results to standard output, progress and notes to standard error. With {@code json}, standard
 * output holds only JSON, one document per line.
 *
 * @param out receives results
 * @param err receives progress and notes
 * @param json print results as JSON
 * @param interactive standard error is a terminal
 * @param columns width of the terminal; {@link TerminalWidth#UNLIMITED} if standard output is none
 */
public record Console(PrintWriter out, PrintWriter err, boolean json, boolean interactive, int columns) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Prints a line of the result; nothing with {@code json}. */
    public void print(String line) {
        if (!json) {
            out.println(line);
            out.flush();
        }
    }

    /** Prints a part of the result without a line break; nothing with {@code json}. */
    public void printDelta(String text) {
        if (!json) {
            out.print(text);
            out.flush();
        }
    }

    /** Prints a line to standard error. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }

    /**
     * Prompts for yes or no; returns true without a prompt if standard error is not a terminal or with {@code json}.
     */
    public boolean confirm(String question) {
        if (!interactive || json) {
            return true;
        }
        err.print(question + " [y/N] ");
        err.flush();
        String answer = System.console().readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** Prints a message as one line of JSON; nothing without {@code json}. */
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

    /**
     * Prints a JSON document that is one line, also without {@code json}.
     *
     * @return whether standard output still takes lines; a reader such as {@code head} may have closed it
     */
    public boolean printDocument(String document) {
        out.println(document);
        return !out.checkError();
    }

    /** Prints values as one line of JSON; nothing without {@code json}. */
    public void printJson(Map<String, ?> values) {
        if (json) {
            printLine(values);
        }
    }

    /**
     * Prints values as one line of JSON, also without {@code json}.
     *
     * @return whether standard output still takes lines; a reader such as {@code head} may have closed it
     */
    public boolean printLine(Map<String, ?> values) {
        try {
            out.println(MAPPER.writeValueAsString(values));
            return !out.checkError();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

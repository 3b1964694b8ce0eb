package io.rootstock.cli.display;

import com.google.protobuf.MessageOrBuilder;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/**
 * Output of a command: results to standard output, progress and notes to standard error. Of the results, a table is for
 * people; the other formats hold documents only, for programs.
 *
 * @param out receives results
 * @param err receives progress and notes
 * @param format form of the results
 * @param interactive standard error is a terminal
 * @param columns width of the terminal; {@link TerminalWidth#UNLIMITED} if standard output is none
 */
public record Console(PrintWriter out, PrintWriter err, OutputFormat format, boolean interactive, int columns) {

    /** Whether the results are documents, so that nothing else is printed to standard output. */
    public boolean json() {
        return format != OutputFormat.TABLE;
    }

    /** Prints a line of the result; nothing if documents are printed. */
    public void print(String line) {
        if (!json()) {
            out.println(line);
            out.flush();
        }
    }

    /** Prints a part of the result without a line break; nothing if documents are printed. */
    public void printDelta(String text) {
        if (!json()) {
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
     * Prompts for yes or no; returns true without a prompt if standard error is not a terminal or documents are printed.
     */
    public boolean confirm(String question) {
        if (!interactive || json()) {
            return true;
        }
        err.print(question + " [y/N] ");
        err.flush();
        String answer = System.console().readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** Prints a message as a document; nothing if tables are printed. */
    public void printJson(MessageOrBuilder message) {
        if (json()) {
            printFormatted(Documents.json(message));
        }
    }

    /** Prints values as a document; nothing if tables are printed. */
    public void printJson(Map<String, ?> values) {
        if (json()) {
            printFormatted(Documents.json(values));
        }
    }

    /**
     * Prints a JSON document of one line, in the format; as it is if tables are printed.
     *
     * @return whether standard output still takes lines; a reader such as {@code head} may have closed it
     */
    public boolean printDocument(String document) {
        printFormatted(document);
        return !out.checkError();
    }

    /**
     * Prints values as a document, in the format; as one line of JSON if tables are printed.
     *
     * @return whether standard output still takes lines; a reader such as {@code head} may have closed it
     */
    public boolean printLine(Map<String, ?> values) {
        return printDocument(Documents.json(values));
    }

    private void printFormatted(String document) {
        switch (format) {
            case TABLE, JSON -> out.println(document);
            case YAML -> out.print("---\n" + Documents.yaml(document));
            case NAME -> Documents.name(document).ifPresent(out::println);
        }
        out.flush();
    }
}

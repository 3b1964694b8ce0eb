package io.rootstock.bench.emergence;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Text of three books and of Shakespeare's plays, in documents of a few paragraphs.
 *
 * @param train documents for training
 * @param heldOut the last documents of each file
 */
public record TrainingText(List<String> train, List<String> heldOut) {
    private static final List<String> BOOKS =
            List.of("books/war-and-peace.txt", "books/moby-dick.txt", "books/sherlock-holmes.txt");
    private static final String PLAYS = "tinyshakespeare.txt";
    private static final double HELD_OUT_SHARE = 0.05;
    /** A document ends with the paragraph that reaches this length. */
    private static final int CHARACTERS = 1200;

    private static final JsonMapper JSON = new JsonMapper();

    public TrainingText {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    static TrainingText read() throws IOException {
        List<String> train = new ArrayList<>();
        List<String> heldOut = new ArrayList<>();
        for (List<String> book : books()) {
            split(book, train, heldOut);
        }
        split(plays(), train, heldOut);
        return new TrainingText(train, heldOut);
    }

    /** Reads the documents of each book, in order, without Project Gutenberg's header and licence. */
    public static List<List<String>> books() throws IOException {
        List<List<String>> books = new ArrayList<>();
        for (String book : BOOKS) {
            String text = lines(book);
            int begin = text.indexOf('\n', text.indexOf("*** START OF")) + 1;
            books.add(documents(text.substring(begin, text.indexOf("*** END OF")), " "));
        }
        return books;
    }

    /** Reads the documents of Shakespeare's plays, in order. */
    public static List<String> plays() throws IOException {
        return documents(lines(PLAYS), "\n");
    }

    private static String lines(String name) throws IOException {
        return Files.readString(BenchmarkData.file(name)).replace("\r", "").replace("\uFEFF", "");
    }

    /**
     * Joins the lines of paragraphs, and paragraphs to documents.
     *
     * @param joint text between two lines of a paragraph: a blank for wrapped prose, a line end for verse
     */
    static List<String> documents(String text, String joint) {
        List<String> documents = new ArrayList<>();
        StringBuilder document = new StringBuilder();
        for (String paragraph : text.split("\n\\s*\n", -1)) {
            String joined = String.join(
                    joint,
                    Arrays.stream(paragraph.split("\n", -1))
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .toList());
            if (joined.isEmpty()) {
                continue;
            }
            document.append(document.isEmpty() ? "" : "\n\n").append(joined);
            if (document.length() >= CHARACTERS) {
                documents.add(document.toString());
                document.setLength(0);
            }
        }
        if (!document.isEmpty()) {
            documents.add(document.toString());
        }
        return documents;
    }

    private static void split(List<String> documents, List<String> train, List<String> heldOut) {
        int border = documents.size() - (int) Math.ceil(HELD_OUT_SHARE * documents.size());
        train.addAll(documents.subList(0, border));
        heldOut.addAll(documents.subList(border, documents.size()));
    }

    /** Writes documents as JSON lines with {@code text}. */
    public static Path write(List<String> documents, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String document : documents) {
            lines.add(JSON.writeValueAsString(Map.of("text", document)));
        }
        Files.createDirectories(file.getParent());
        return Files.write(file, lines);
    }
}

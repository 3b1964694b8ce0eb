package io.rootstock.bench.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text and tables in GitHub's Markdown. */
final class Markdown {
    private static final Pattern CODE_OR_SPECIAL = Pattern.compile("`[^`]*`|[<>*\\\\]");

    private Markdown() {}

    /** Plain text with the characters escaped that Markdown would interpret; spans in backticks stay code. */
    static String text(String plain) {
        return CODE_OR_SPECIAL.matcher(plain).replaceAll(found -> switch (found.group()) {
            case "<" -> "&lt;";
            case ">" -> "&gt;";
            case "*" -> "\\\\*";
            case "\\" -> "\\\\\\\\";
            default -> Matcher.quoteReplacement(found.group());
        });
    }

    static String code(String literal) {
        return literal.isEmpty() ? "" : "`" + literal + "`";
    }

    /** A table without rows is empty; columns that are empty in every row are left out. */
    static String table(List<String> header, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            int column = i;
            if (rows.stream().anyMatch(row -> !row.get(column).isEmpty())) {
                columns.add(column);
            }
        }
        StringBuilder table = new StringBuilder();
        table.append(row(header, columns));
        table.append(columns.stream().map(column -> "---").collect(Collectors.joining(" | ", "| ", " |\n")));
        rows.forEach(row -> table.append(row(row, columns)));
        return table.append('\n').toString();
    }

    private static String row(List<String> cells, List<Integer> columns) {
        return columns.stream()
                .map(column -> cells.get(column).replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}

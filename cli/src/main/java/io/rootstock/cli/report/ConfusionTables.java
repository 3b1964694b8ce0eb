package io.rootstock.cli.report;

import io.rootstock.evaluation.result.Confusion;
import java.util.ArrayList;
import java.util.List;

/** Confusion matrices as tables. */
final class ConfusionTables {
    private ConfusionTables() {}

    static void write(List<Confusion> confusions, Html html) {
        if (confusions.isEmpty()) {
            return;
        }
        html.raw("<h2>Confusion matrices</h2>\n<p>Rows: correct class; columns: most probable class.</p>\n");
        for (Confusion confusion : confusions) {
            html.element("h3", confusion.task()).raw("\n");
            if (confusion.isTooLarge()) {
                html.element("p", "More than " + Confusion.MAX_CLASSES + " classes.")
                        .raw("\n");
            } else {
                html.raw("<div class=\"wide\">\n");
                table(confusion, html);
                html.raw("</div>\n");
            }
        }
    }

    private static void table(Confusion confusion, Html html) {
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(confusion.classes());
        List<List<String>> rows = new ArrayList<>();
        for (int label = 0; label < confusion.classes().size(); label++) {
            List<String> row = new ArrayList<>(List.of(confusion.classes().get(label)));
            for (long count : confusion.counts().get(label)) {
                row.add(count == 0 ? "" : Long.toString(count));
            }
            rows.add(row);
        }
        html.table(header, rows);
    }
}

package io.rootstock.cli.display;

import io.rootstock.trainer.v1.ClassFigures;
import io.rootstock.trainer.v1.ClassificationReport;
import java.util.ArrayList;
import java.util.List;

/** How a classifier fared on each class, and beside it the confusion matrix: rows of a class by what they were taken for. */
public final class ClassTable {
    private static final int MOST_COLUMNS = 12;
    private static final int WIDEST = 16;

    private ClassTable() {}

    /** The lines; of many classes without the matrix, which --json has. */
    public static List<String> lines(ClassificationReport report) {
        int classes = report.getClassesCount();
        boolean matrix = classes <= MOST_COLUMNS;
        List<String> head = new ArrayList<>(List.of("class", "precision", "recall", "F1", "rows"));
        if (matrix) {
            report.getClassesList().forEach(figures -> head.add("as " + Format.fit(figures.getLabel(), WIDEST)));
        }
        Table table = new Table(head.toArray(String[]::new));
        for (int row = 0; row < classes; row++) {
            ClassFigures figures = report.getClasses(row);
            List<String> cells = new ArrayList<>(List.of(
                    Format.fit(figures.getLabel(), WIDEST),
                    Format.fixed(figures.getPrecision(), 3),
                    Format.fixed(figures.getRecall(), 3),
                    Format.fixed(figures.getF1(), 3),
                    Long.toString(figures.getRows())));
            for (int column = 0; matrix && column < classes; column++) {
                cells.add(Long.toString(report.getConfusion(row * classes + column)));
            }
            table.row(cells.toArray());
        }
        return table.lines();
    }
}

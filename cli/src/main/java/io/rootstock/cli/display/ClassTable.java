package io.rootstock.cli.display;

import io.rootstock.trainer.v1.ClassFigures;
import io.rootstock.trainer.v1.ClassificationReport;
import java.util.ArrayList;
import java.util.List;

/** Precision, recall and F1 of each class, and the confusion matrix: one column per predicted class. */
public final class ClassTable {
    private static final int MAX_CLASSES = 12;
    private static final int MAX_LABEL_WIDTH = 16;

    private ClassTable() {}

    /** The table; without the confusion matrix above 12 classes. */
    public static List<String> lines(ClassificationReport report) {
        int classes = report.getClassesCount();
        boolean matrix = classes <= MAX_CLASSES;
        List<String> head = new ArrayList<>(List.of("class", "precision", "recall", "F1", "rows"));
        if (matrix) {
            report.getClassesList()
                    .forEach(figures -> head.add("pred. " + Format.fit(figures.getLabel(), MAX_LABEL_WIDTH)));
        }
        Table table = new Table(head.toArray(String[]::new));
        for (int row = 0; row < classes; row++) {
            ClassFigures figures = report.getClasses(row);
            List<String> cells = new ArrayList<>(List.of(
                    Format.fit(figures.getLabel(), MAX_LABEL_WIDTH),
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

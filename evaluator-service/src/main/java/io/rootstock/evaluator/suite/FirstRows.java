package io.rootstock.evaluator.suite;

import io.rootstock.evaluation.task.request.RenderedRow;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The first rows of an iterator. */
final class FirstRows implements Iterator<RenderedRow> {
    private final Iterator<RenderedRow> rows;
    private int left;

    FirstRows(Iterator<RenderedRow> rows, int limit) {
        this.rows = rows;
        this.left = limit;
    }

    @Override
    public boolean hasNext() {
        return left > 0 && rows.hasNext();
    }

    @Override
    public RenderedRow next() {
        if (left <= 0) {
            throw new NoSuchElementException();
        }
        left--;
        return rows.next();
    }
}

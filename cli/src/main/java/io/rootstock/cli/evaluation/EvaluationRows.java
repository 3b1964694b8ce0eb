package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Streams the row records of an evaluation, each a line of JSON. */
public final class EvaluationRows implements Iterator<String> {
    private final Iterator<ReadEvaluationRowsResponse> messages;
    private final Deque<String> lines = new ArrayDeque<>();

    public EvaluationRows(Clients clients, ReadEvaluationRowsRequest request) {
        messages = clients.evaluations().readEvaluationRows(request);
    }

    @Override
    public boolean hasNext() {
        while (lines.isEmpty() && messages.hasNext()) {
            messages.next()
                    .getLines()
                    .toStringUtf8()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(lines::add);
        }
        return !lines.isEmpty();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return lines.remove();
    }
}

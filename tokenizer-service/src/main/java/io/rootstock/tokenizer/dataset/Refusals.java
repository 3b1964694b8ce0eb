package io.rootstock.tokenizer.dataset;

import io.rootstock.corpus.source.RefusedRow;
import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Counts rejected rows and keeps the first ones. */
final class Refusals {
    private static final int KEPT = 100;
    private static final int SHOWN = 10;

    private final List<RefusedRow> first = new ArrayList<>();
    private long count;

    void add(RefusedRow row) {
        count++;
        if (first.size() < KEPT) {
            first.add(row);
        }
    }

    long count() {
        return count;
    }

    List<io.rootstock.tokenizer.v1.RefusedRow> rows() {
        return first.stream()
                .map(row -> io.rootstock.tokenizer.v1.RefusedRow.newBuilder()
                        .setFile(row.file())
                        .setLine(row.line())
                        .setReason(row.reason())
                        .build())
                .toList();
    }

    /** @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming rows, if more are rejected than permitted */
    void requireAtMost(long limit) {
        if (limit >= 0 && count > limit) {
            String rows = first.stream()
                    .limit(SHOWN)
                    .map(row -> row.file() + ":" + row.line() + ": " + row.reason())
                    .collect(Collectors.joining("\n"));
            throw Errors.invalidArgument(
                    "sources",
                    count + (count == 1 ? " row is" : " rows are") + " refused, maximum_refused_rows is " + limit
                            + ":\n" + rows + (count > SHOWN ? "\n... and " + (count - SHOWN) + " more" : ""));
        }
    }
}

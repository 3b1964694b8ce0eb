package io.rootstock.cli.client;

import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc.DatasetServiceBlockingStub;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsResponse;
import java.util.Iterator;

/** Streams the rows of a split; joins the messages of a long row. */
public final class DatasetRows implements Iterator<DatasetRow> {
    private final Iterator<ReadDatasetRowsResponse> messages;

    public DatasetRows(DatasetServiceBlockingStub datasets, ReadDatasetRowsRequest request) {
        messages = datasets.readDatasetRows(request);
    }

    @Override
    public boolean hasNext() {
        return messages.hasNext();
    }

    @Override
    public DatasetRow next() {
        DatasetRow row = messages.next().getRow();
        if (!row.getContinued()) {
            return row;
        }
        DatasetRow.Builder whole = row.toBuilder();
        while (row.getContinued()) {
            row = messages.next().getRow();
            whole.addAllSegments(row.getSegmentsList());
        }
        return whole.clearContinued().build();
    }
}

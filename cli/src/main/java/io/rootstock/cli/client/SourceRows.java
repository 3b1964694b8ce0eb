package io.rootstock.cli.client;

import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsResponse;
import io.rootstock.tokenizer.v1.RefusedRow;
import io.rootstock.tokenizer.v1.SourceRow;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Streams the accepted rows of uploaded files. */
public final class SourceRows implements Iterator<SourceRow> {
    private final Iterator<ReadSourceRowsResponse> messages;
    private final Consumer<RefusedRow> rejected;
    private SourceRow next;

    /** @param rejected receives the rejected rows before the next accepted one */
    public SourceRows(Clients clients, ReadSourceRowsRequest request, Consumer<RefusedRow> rejected) {
        this.messages = clients.datasets().readSourceRows(request);
        this.rejected = rejected;
    }

    @Override
    public boolean hasNext() {
        while (next == null && messages.hasNext()) {
            ReadSourceRowsResponse message = messages.next();
            if (message.hasAccepted()) {
                next = message.getAccepted();
            } else {
                rejected.accept(message.getRejected());
            }
        }
        return next != null;
    }

    @Override
    public SourceRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        SourceRow row = next;
        next = null;
        return row;
    }
}

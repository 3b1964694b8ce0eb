package io.rootstock.tokenizer.dataset;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.DatasetManifest.ShardReference;
import io.rootstock.dataset.Shard;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.split.SplitName;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.TextSegment;
import java.util.List;
import java.util.function.Consumer;

/** Reads the rows of a split of a prepared dataset as text. Keeps one row in memory; shards are memory-mapped. */
public final class StoredRows {
    /** Characters at which a message ends and the next one continues its row. */
    static final int MESSAGE_CHARACTERS = 1 << 20;

    private final ArtifactStore store;
    private final DatasetManifest manifest;
    private final RowText text;

    /**
     * @param manifest manifest of the dataset
     * @param tokenizer the dataset's tokenizer
     */
    public StoredRows(ArtifactStore store, DatasetManifest manifest, Tokenizer tokenizer) {
        this.store = store;
        this.manifest = manifest;
        this.text = new RowText(tokenizer);
    }

    /**
     * Reads the requested rows in order.
     *
     * @param rows receives the messages; an exception from it ends the reading
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming the invalid field
     */
    public void read(ReadDatasetRowsRequest request, Consumer<DatasetRow> rows) {
        require(request);
        long skip = request.getSkip();
        long left = request.getMaxRows() == 0 ? Long.MAX_VALUE : request.getMaxRows();
        for (DatasetManifest.Source source : manifest.sources()) {
            if (!request.getSource().isEmpty() && !request.getSource().equals(source.name())) {
                continue;
            }
            long first = 0;
            for (ShardReference reference : source.split(request.getSplit()).shards()) {
                long skipped = Math.min(skip, reference.rows());
                long count = Math.min(left, reference.rows() - skipped);
                if (count > 0) {
                    read(source.name(), reference, first, skipped, count, rows);
                }
                skip -= skipped;
                left -= count;
                first += reference.rows();
            }
        }
    }

    private void require(ReadDatasetRowsRequest request) {
        if (SplitName.of(request.getSplit()).isEmpty()) {
            throw Errors.invalidArgument(
                    "split", "must be train, validation or test, was '" + request.getSplit() + "'");
        }
        if (request.getSkip() < 0) {
            throw Errors.invalidArgument("skip", "must be 0 or more, was " + request.getSkip());
        }
        if (request.getMaxRows() < 0) {
            throw Errors.invalidArgument("max_rows", "must be 0 (all) or more, was " + request.getMaxRows());
        }
        List<String> sources =
                manifest.sources().stream().map(DatasetManifest.Source::name).toList();
        if (!request.getSource().isEmpty() && !sources.contains(request.getSource())) {
            throw Errors.invalidArgument(
                    "source",
                    "'" + request.getSource() + "' is not a source of the dataset; its sources are "
                            + String.join(", ", sources));
        }
    }

    /**
     * Reads rows of one shard.
     *
     * @param first position of the shard's first row in the split of the source
     * @param from first row of the shard to read
     */
    private void read(
            String source, ShardReference reference, long first, long from, long count, Consumer<DatasetRow> rows) {
        try (Shard shard = Shard.open(store.verified(Digest.parse(reference.digest())))) {
            for (long row = from; row < from + count; row++) {
                DatasetRow.Builder header = DatasetRow.newBuilder()
                        .setSource(source)
                        .setRow(first + row)
                        .setTokens(shard.offset(row + 1) - shard.offset(row));
                switch (manifest.kind()) {
                    case CLASSIFICATION -> header.setLabel(manifest.labels().get(shard.label(row)));
                    case PRETRAINING, INSTRUCTION, PREFERENCE -> {}
                }
                send(header.build(), text.segments(shard, row), rows);
            }
        }
    }

    private static void send(DatasetRow header, List<TextSegment> segments, Consumer<DatasetRow> rows) {
        DatasetRow.Builder message = header.toBuilder();
        int characters = 0;
        for (TextSegment segment : segments) {
            String rest = segment.getText();
            while (characters + rest.length() > MESSAGE_CHARACTERS) {
                int cut = MESSAGE_CHARACTERS - characters;
                cut -= cut > 0 && Character.isHighSurrogate(rest.charAt(cut - 1)) ? 1 : 0;
                if (cut > 0) {
                    message.addSegments(segment.toBuilder().setText(rest.substring(0, cut)));
                    rest = rest.substring(cut);
                }
                rows.accept(message.setContinued(true).build());
                message = header.toBuilder();
                characters = 0;
            }
            message.addSegments(segment.toBuilder().setText(rest));
            characters += rest.length();
        }
        rows.accept(message.build());
    }
}

package io.rootstock.tokenizer.dataset;

import io.grpc.StatusRuntimeException;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceFormat;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.names.EnumNames;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.row.RowForm;
import io.rootstock.tokenizer.row.RowReader;
import io.rootstock.tokenizer.row.Shape;
import io.rootstock.tokenizer.row.ShapeDetector;
import io.rootstock.tokenizer.row.ShapeDetector.DetectedShape;
import io.rootstock.tokenizer.row.ShapeDetector.UnclearShapeException;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SourceShape;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Decides the shape of each source of a request from its first rows. */
final class SourceShapes {
    private final PrepareDatasetRequest request;
    private final List<SourceFile> files;
    private final Function<DatasetSource, SourceOptions> options;
    private final boolean answered;

    /**
     * @param request a checked request; its kind may be unspecified
     * @param files file of each source, in order
     * @param options reading options of a source
     * @param answered whether rows need a label or an answer
     */
    SourceShapes(
            PrepareDatasetRequest request,
            List<SourceFile> files,
            Function<DatasetSource, SourceOptions> options,
            boolean answered) {
        this.request = request;
        this.files = List.copyOf(files);
        this.options = options;
        this.answered = answered;
    }

    /**
     * Shapes of the sources.
     *
     * @param kind kind of all of them
     * @param shapes shape of each source, in order
     */
    record Decided(DatasetKind kind, List<DetectedShape> shapes) {
        /** Returns the reader of the rows of a source. */
        RowReader reader(int source, DatasetSource declared) {
            return new RowReader(shapes.get(source).form(), declared.getLabel(), declared.getInstruction());
        }

        /** Returns the report about a source. */
        SourceShape report(int source, DatasetSource declared, SourceFile file) {
            DetectedShape shape = shapes.get(source);
            return SourceShape.newBuilder()
                    .setSource(declared.getName())
                    .setFile(file.name())
                    .setShape(shape.form().shape().contract())
                    .setReason(shape.reason())
                    .build();
        }
    }

    /**
     * Reads the first rows of each source.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT naming file and line, if a shape or the kind is unclear
     */
    Decided decide() {
        List<ShapeDetector> detectors = new ArrayList<>();
        List<Optional<DetectedShape>> found = new ArrayList<>();
        for (int source = 0; source < files.size(); source++) {
            ShapeDetector detector = detector(source);
            detectors.add(detector);
            Optional<DetectedShape> known = known(source);
            found.add(known.isPresent() ? known : detected(source, detector));
        }
        DatasetKind kind = kind(found, detectors);
        List<DetectedShape> shapes = new ArrayList<>();
        for (int source = 0; source < found.size(); source++) {
            ShapeDetector detector = detectors.get(source);
            shapes.add(found.get(source).orElseGet(() -> detector.byKind(kind)));
        }
        return new Decided(kind, shapes);
    }

    private ShapeDetector detector(int source) {
        return new ShapeDetector(
                files.get(source).name(),
                statedKind(),
                request.getFields(),
                request.getSources(source).getLabel(),
                answered);
    }

    private Optional<DatasetKind> statedKind() {
        return request.getKind() == DatasetKind.DATASET_KIND_UNSPECIFIED
                ? Optional.empty()
                : Optional.of(request.getKind());
    }

    /** The shape of a source that the request states, or that its file has by its format. */
    private Optional<DetectedShape> known(int source) {
        DatasetSource declared = request.getSources(source);
        SourceFile file = files.get(source);
        if (file.outputs().isPresent()) {
            return Optional.of(shape(
                    Shape.LINE_ALIGNED,
                    "a line of " + file.name() + " is the input, the line of "
                            + file.outputs().get().name() + " the output"));
        }
        Optional<Shape> stated = Shape.of(declared.getShape());
        if (stated.isPresent()) {
            return Optional.of(shape(stated.get(), "the request states it"));
        }
        if (!SourceFormat.of(file.name()).equals(Optional.of(SourceFormat.TEXT))) {
            return Optional.empty();
        }
        if (!declared.getLabel().isEmpty()) {
            return Optional.of(shape(Shape.TEXT_LABEL, "the label of every line is " + declared.getLabel()));
        }
        return statedKind().isEmpty() || statedKind().get() == DatasetKind.DATASET_KIND_PRETRAINING
                ? Optional.of(shape(Shape.TEXT, "a text file has no fields"))
                : Optional.empty();
    }

    private DetectedShape shape(Shape shape, String reason) {
        return new DetectedShape(new RowForm(shape, request.getFields()), reason);
    }

    private Optional<DetectedShape> detected(int source, ShapeDetector detector) {
        RowHandler first = new RowHandler() {
            @Override
            public void row(Row row) {
                if (!detector.add(row)) {
                    throw new EnoughRowsException();
                }
            }

            @Override
            public void refused(long line, String reason) {
                // A row that cannot be read shows no shape; it is reported when all rows are read.
            }
        };
        String field = "sources[" + source + "]";
        try {
            files.get(source)
                    .read(
                            options.apply(request.getSources(source)),
                            opened -> Files.newInputStream(opened.path()),
                            field,
                            first);
        } catch (EnoughRowsException _) {
            // The other rows do not matter.
        } catch (UnclearShapeException unclear) {
            throw Errors.invalidArgument(field, unclear.getMessage());
        } catch (StatusRuntimeException unreadable) {
            if (detector.result().isEmpty() && statedKind().isEmpty()) {
                throw unreadable;
            }
            // Otherwise it is reported when all rows are read.
        }
        return detector.result();
    }

    private DatasetKind kind(List<Optional<DetectedShape>> found, List<ShapeDetector> detectors) {
        if (statedKind().isPresent()) {
            return statedKind().get();
        }
        DatasetKind kind = null;
        int first = -1;
        for (int source = 0; source < found.size(); source++) {
            if (found.get(source).isEmpty()) {
                continue;
            }
            DatasetKind other = found.get(source).get().form().shape().kind();
            if (kind != null && kind != other) {
                throw Errors.invalidArgument(
                        "sources[" + source + "]",
                        files.get(source).name() + " has rows of kind " + EnumNames.of(other) + ", but "
                                + files.get(first).name() + " has rows of kind " + EnumNames.of(kind)
                                + "; prepare a dataset of each kind, or state the kind");
            }
            if (kind == null) {
                kind = other;
                first = source;
            }
        }
        if (kind == null) {
            throw Errors.invalidArgument(
                    "sources[0]", detectors.getFirst().none().getMessage());
        }
        return kind;
    }

    /** Enough rows are read. */
    private static final class EnoughRowsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EnoughRowsException() {
            super(null, null, false, false);
        }
    }
}

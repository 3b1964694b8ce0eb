package io.rootstock.tokenizer.dataset;

import io.rootstock.corpus.source.SourceFormat;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.names.EnumNames;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestTexts;
import io.rootstock.tokenizer.row.FieldRole;
import io.rootstock.tokenizer.row.Shape;
import io.rootstock.tokenizer.split.SplitName;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.LongRowHandling;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.RowShape;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Validates a request before reading any source; reports all invalid fields at once. */
final class RequestCheck {
    /** Value of {@code max_tokens} if it is 0, as the contract states it. */
    static final int DEFAULT_MAX_TOKENS = 256;

    private static final int MIN_TOKENS = 8;
    private static final int MAX_TOKENS = 1 << 17;

    private RequestCheck() {}

    /** @param files file of each source, in order */
    static void require(PrepareDatasetRequest request, List<SourceFile> files) {
        Map<String, String> violations = new LinkedHashMap<>();
        if (request.getKind() == DatasetKind.UNRECOGNIZED) {
            violations.put(
                    "kind", "must be PRETRAINING, INSTRUCTION, CLASSIFICATION or PREFERENCE, or unset to detect it");
        }
        if (request.getSourcesCount() == 0) {
            violations.put("sources", "at least one is needed");
        }
        sources(request, violations);
        for (int i = 0; i < request.getSourcesCount(); i++) {
            source(request, request.getSources(i), files.get(i), "sources[" + i + "].", violations);
        }
        fields(request, violations);
        delimited(request, files, violations);
        splits(request.getSplits(), violations);
        int maximum = request.getMaxTokens();
        if (maximum != 0 && (maximum < MIN_TOKENS || maximum > MAX_TOKENS)) {
            violations.put(
                    "max_tokens",
                    "must be 0 (" + DEFAULT_MAX_TOKENS + ") or " + MIN_TOKENS + " to " + MAX_TOKENS + ", was "
                            + maximum);
        }
        if (request.getMaximumRefusedRows() < -1) {
            violations.put(
                    "maximum_refused_rows", "must be -1 (no limit) or more, was " + request.getMaximumRefusedRows());
        }
        if (request.getBalanceClasses() && !mayBe(request, DatasetKind.DATASET_KIND_CLASSIFICATION)) {
            violations.put("balance_classes", "is for CLASSIFICATION only");
        }
        if (request.getLongRows() == LongRowHandling.UNRECOGNIZED) {
            violations.put("long_rows", "must be REJECT or TRUNCATE");
        }
        if (request.getKind() == DatasetKind.DATASET_KIND_PRETRAINING) {
            String why = "does not apply to PRETRAINING, whose documents have no maximum; leave it out";
            if (request.getLongRows() != LongRowHandling.LONG_ROW_HANDLING_UNSPECIFIED) {
                violations.put("long_rows", why);
            }
            if (maximum != 0) {
                violations.put("max_tokens", why);
            }
        }
        if (!violations.isEmpty()) {
            throw Errors.invalidArguments(violations);
        }
    }

    private static void sources(PrepareDatasetRequest request, Map<String, String> violations) {
        Set<String> names = new HashSet<>();
        int weighted = 0;
        int unweighted = 0;
        for (int i = 0; i < request.getSourcesCount(); i++) {
            DatasetSource source = request.getSources(i);
            String field = "sources[" + i + "].";
            Optional<String> invisible = RequestTexts.violation(source.getName());
            if (source.getName().isBlank()) {
                violations.put(field + "name", "must not be empty");
            } else if (invisible.isPresent()) {
                violations.put(field + "name", invisible.get());
            } else if (!names.add(source.getName())) {
                violations.put(field + "name", "'" + source.getName() + "' is used twice");
            }
            if (!(source.getWeight() >= 0) || Double.isInfinite(source.getWeight())) {
                violations.put(field + "weight", "must be 0 or more, was " + source.getWeight());
            }
            if (!(source.getMaximumEpochs() >= 0) || Double.isInfinite(source.getMaximumEpochs())) {
                violations.put(
                        field + "maximum_epochs", "must be 0 (no cap) or more, was " + source.getMaximumEpochs());
            }
            if (!source.getSplit().isEmpty() && SplitName.of(source.getSplit()).isEmpty()) {
                violations.put(field + "split", "must be empty, train, validation or test, was " + source.getSplit());
            }
            if (source.getSplit().isEmpty() || source.getSplit().equals(SplitName.TRAIN.key())) {
                weighted += source.getWeight() > 0 ? 1 : 0;
                unweighted += source.getWeight() > 0 ? 0 : 1;
            }
        }
        if (weighted > 0 && unweighted > 0) {
            violations.put(
                    "sources", "give every source a weight, or none (then each weighs as many tokens as it has)");
        }
    }

    private static void source(
            PrepareDatasetRequest request,
            DatasetSource source,
            SourceFile file,
            String field,
            Map<String, String> violations) {
        try {
            SourceOptions.encoding(source.getEncoding());
        } catch (IllegalArgumentException e) {
            violations.put(field + "encoding", e.getMessage());
        }
        shape(request, source, field + "shape", violations);
        if (!source.getLabel().isEmpty() && !mayBe(request, DatasetKind.DATASET_KIND_CLASSIFICATION)) {
            violations.put(field + "label", "is for CLASSIFICATION only");
        }
        if (source.getOutputDigest().isEmpty()) {
            if (!source.getInstruction().isEmpty()) {
                violations.put(field + "instruction", "requires output_digest, a line-aligned file");
            }
        } else if (!mayBe(request, DatasetKind.DATASET_KIND_INSTRUCTION)) {
            violations.put(field + "output_digest", "is for INSTRUCTION only");
        } else if (!isText(file) || !file.outputs().map(RequestCheck::isText).orElse(false)) {
            violations.put(
                    field + "output_digest",
                    "line-aligned files must be .txt files, each also with .gz or .zst, were " + file.name() + " and "
                            + file.outputs().map(SourceFile::name).orElse("missing"));
        }
    }

    private static void shape(
            PrepareDatasetRequest request, DatasetSource source, String field, Map<String, String> violations) {
        boolean pair = !source.getOutputDigest().isEmpty();
        Optional<Shape> stated = Shape.of(source.getShape());
        if (stated.isEmpty() && source.getShape() != RowShape.ROW_SHAPE_UNSPECIFIED) {
            violations.put(field, "must be one of the shapes of the contract, or unset to detect it");
        } else if (stated.isPresent() && pair != (stated.get() == Shape.LINE_ALIGNED)) {
            violations.put(
                    field,
                    pair
                            ? "must be LINE_ALIGNED or unset for two files"
                            : "LINE_ALIGNED requires output_digest, a line-aligned file");
        } else if (stated.isPresent() && !mayBe(request, stated.get().kind())) {
            violations.put(
                    field,
                    stated.get().title() + " is a shape of "
                            + EnumNames.of(stated.get().kind()) + " rows, the kind is "
                            + EnumNames.of(request.getKind()));
        }
    }

    /** Whether the request states the kind, or leaves it to the detection. */
    private static boolean mayBe(PrepareDatasetRequest request, DatasetKind kind) {
        return request.getKind() == kind || request.getKind() == DatasetKind.DATASET_KIND_UNSPECIFIED;
    }

    private static boolean isText(SourceFile file) {
        return SourceFormat.of(file.name()).equals(Optional.of(SourceFormat.TEXT));
    }

    private static void fields(PrepareDatasetRequest request, Map<String, String> violations) {
        Set<FieldRole> used = FieldRole.of(request.getKind());
        for (FieldRole role : FieldRole.values()) {
            if (!used.contains(role) && !role.given(request.getFields()).isEmpty()) {
                violations.put(
                        "fields." + role.key(),
                        "is not a role of " + EnumNames.of(request.getKind())
                                + " rows, whose roles are "
                                + FieldRole.list(used) + "; leave out '" + role.key() + "="
                                + role.given(request.getFields()) + "'");
            }
        }
        FieldNames names = request.getFields();
        if (request.getKind() == DatasetKind.DATASET_KIND_PREFERENCE
                && !names.getPrompt().isEmpty()
                && !names.getInstruction().isEmpty()) {
            violations.put("fields.instruction", "names the question a second time; name prompt or instruction");
        }
    }

    /** Options of CSV and TSV files, which other files would ignore. */
    private static void delimited(
            PrepareDatasetRequest request, List<SourceFile> files, Map<String, String> violations) {
        try {
            SourceOptions.delimiter(request.getDelimiter());
        } catch (IllegalArgumentException e) {
            violations.put("delimiter", e.getMessage());
        }
        boolean delimited = files.stream()
                .flatMap(file -> SourceFormat.of(file.name()).stream())
                .anyMatch(format -> format == SourceFormat.CSV || format == SourceFormat.TSV);
        if (!delimited) {
            String why = "applies to .csv and .tsv files only, and no source is one; leave it out";
            if (!request.getDelimiter().isEmpty()) {
                violations.put("delimiter", why);
            }
            if (!request.getColumns().isBlank()) {
                violations.put("columns", why);
            }
        }
    }

    private static void splits(SplitFractions splits, Map<String, String> violations) {
        double sum = splits.getTrain() + splits.getValidation() + splits.getTest();
        if (splits.getTrain() < 0 || splits.getValidation() < 0 || splits.getTest() < 0) {
            violations.put("splits", "fractions must be 0 or more");
        } else if (sum != 0 && !(Math.abs(sum - 1) < 1e-6)) {
            violations.put("splits", "fractions must sum to 1, their sum is " + sum);
        } else if (sum != 0 && splits.getTrain() == 0) {
            violations.put("splits.train", "must be above 0");
        }
    }
}

package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.RowFileOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.operation.DataPreparation;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.LongRowHandling;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset prepare}. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        header = "Prepare a dataset from files",
        description = "Detects the shape of each file, then validates, tokenizes and splits the rows of .txt, .jsonl,"
                + " .json, .csv and .tsv files, each optionally compressed as .gz or .zst, and stores the dataset.",
        footer = {
            "",
            "Examples:",
            "  rootstock dataset prepare chats --tokenizer prose --file sharegpt.jsonl --validate-only",
            "  rootstock dataset prepare mix --kind pretraining --tokenizer prose \\",
            "      --source books=books.txt:0.7 --source wiki=wiki.jsonl.gz:0.3:2",
            "  rootstock dataset prepare spam --kind classification --tokenizer prose --file sms.tsv \\",
            "      --columns label,text --balance --seed 123 --splits 0.7,0.1,0.2",
            "  rootstock dataset prepare reviews --kind classification --tokenizer prose \\",
            "      --class positive=reviews/pos --class negative=reviews/neg",
            "  rootstock dataset prepare translate --kind instruction --tokenizer prose \\",
            "      --parallel en.txt,de.txt --instruction \"Translate to German.\""
        })
final class DatasetPrepareCommand extends ServiceCommand {
    enum Kind {
        PRETRAINING,
        INSTRUCTION,
        CLASSIFICATION,
        PREFERENCE
    }

    enum LongRows {
        REJECT,
        TRUNCATE
    }

    @Parameters(paramLabel = "NAME", description = "Dataset name: lowercase letters, digits and dashes")
    private String name;

    @Option(
            names = "--kind",
            paramLabel = "pretraining|instruction|classification|preference",
            description = "Kind of rows, which determines the tasks that can train on them [default: the kind of the"
                    + " detected shapes]")
    private Kind kind;

    @Option(names = "--tokenizer", required = true, paramLabel = "TOKENIZER", description = "Tokenizer name")
    private String tokenizer;

    @Mixin
    private DatasetSourceOptions sources;

    @Option(
            names = "--splits",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "TRAIN,VALIDATION,TEST",
            description = "Fractions of the rows for each split [default: 0.9,0.05,0.05; 0 for a split that is set"
                    + " by a file]")
    private List<Double> splits = List.of();

    @Option(
            names = "--split-in-order",
            description = "Split without shuffling: first rows for training, last rows held out")
    private boolean splitInOrder;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Random seed of splitting and balancing [default: ${DEFAULT-VALUE}]")
    private long seed;

    @Option(names = "--balance", description = "Downsample every class to the size of the smallest (classification)")
    private boolean balance;

    @Mixin
    private RowFileOptions rowFiles;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum tokens per instruction, classification or preference row [default: 256]")
    private int maxTokens;

    @Option(
            names = "--long-rows",
            paramLabel = "reject|truncate",
            description = "Reject rows above --max-tokens, or truncate them at the end [default: truncate for"
                    + " classification, else reject]")
    private LongRows longRows;

    @Option(
            names = "--max-rejected-rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rejected rows before preparation fails; -1: unlimited. A file whose rest"
                    + " cannot be read always fails [default: ${DEFAULT-VALUE}]")
    private long maxRejectedRows;

    @Option(names = "--validate-only", description = "Validate the rows without storing the dataset")
    private boolean validateOnly;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "Idempotency key of the request")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        sources.check(Optional.ofNullable(kind));
        rowFiles.charset();
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setName(Names.of("datasets", name))
                .setKind(
                        switch (kind) {
                            case null -> DatasetKind.DATASET_KIND_UNSPECIFIED;
                            case PRETRAINING -> DatasetKind.DATASET_KIND_PRETRAINING;
                            case INSTRUCTION -> DatasetKind.DATASET_KIND_INSTRUCTION;
                            case CLASSIFICATION -> DatasetKind.DATASET_KIND_CLASSIFICATION;
                            case PREFERENCE -> DatasetKind.DATASET_KIND_PREFERENCE;
                        })
                .setTokenizer(Names.of("tokenizers", tokenizer))
                .setSplits(fractions())
                .setSplitInOrder(splitInOrder)
                .setSeed(seed)
                .setBalanceClasses(balance)
                .setColumns(rowFiles.columns())
                .setDelimiter(rowFiles.delimiter())
                .setLongRows(longRows())
                .setFields(rowFiles.fieldNames())
                .setMaxTokens(maxTokens)
                .setMaximumRefusedRows(maxRejectedRows)
                .setValidateOnly(validateOnly)
                .setRequestId(requestId);
        request.addAllSources(sources.upload(rowFiles, clients, console));
        Dataset dataset = DataPreparation.prepareDataset(clients, request.build(), console);
        console.printJson(dataset);
        MixtureTable.print(dataset, console);
        return 0;
    }

    private LongRowHandling longRows() {
        return switch (longRows) {
            case null -> LongRowHandling.LONG_ROW_HANDLING_UNSPECIFIED;
            case REJECT -> LongRowHandling.LONG_ROW_HANDLING_REJECT;
            case TRUNCATE -> LongRowHandling.LONG_ROW_HANDLING_TRUNCATE;
        };
    }

    private SplitFractions fractions() {
        if (splits.isEmpty()) {
            return SplitFractions.getDefaultInstance();
        }
        if (splits.size() != 3) {
            throw usage("invalid --splits " + splits + ": requires three fractions, for example 0.7,0.1,0.2");
        }
        return SplitFractions.newBuilder()
                .setTrain(splits.get(0))
                .setValidation(splits.get(1))
                .setTest(splits.get(2))
                .build();
    }
}

package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.operation.DataPreparation;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset prepare}. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        header = "Prepare a dataset from files",
        description = "Validates, tokenizes and splits the rows of .txt, .jsonl, .json, .csv and .tsv files,"
                + " each optionally compressed as .gz or .zst, and stores the dataset.",
        footer = {
            "",
            "Examples:",
            "  rootstock dataset prepare mix --kind pretraining --tokenizer prose \\",
            "      --source books=books.txt:0.7 --source wiki=wiki.jsonl.gz:0.3:2",
            "  rootstock dataset prepare spam --kind classification --tokenizer prose --file sms.tsv \\",
            "      --columns label,text --balance --seed 123 --splits 0.7,0.1,0.2"
        })
final class DatasetPrepareCommand extends ServiceCommand {
    enum Kind {
        PRETRAINING,
        INSTRUCTION,
        CLASSIFICATION,
        PREFERENCE
    }

    @Parameters(paramLabel = "NAME", description = "Dataset name: lowercase letters, digits and dashes")
    private String name;

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "pretraining|instruction|classification|preference",
            description = "Kind of rows, which determines the tasks that can train on them")
    private Kind kind;

    @Option(names = "--tokenizer", required = true, paramLabel = "TOKENIZER", description = "Tokenizer name")
    private String tokenizer;

    @Option(
            names = "--source",
            paramLabel = "NAME=FILE[:WEIGHT[:EPOCHS]]",
            converter = SourceArgument.Converter.class,
            description = "Source file with its sampling weight [default: proportional to its tokens] and maximum"
                    + " number of epochs [default: unlimited]; repeatable")
    private List<SourceArgument> sources = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Source file, named after the file; repeatable")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--validation-file",
            paramLabel = "FILE",
            description = "Source file used only for validation; repeatable")
    private List<Path> validationFiles = new ArrayList<>();

    @Option(names = "--test-file", paramLabel = "FILE", description = "Source file used only for testing; repeatable")
    private List<Path> testFiles = new ArrayList<>();

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

    @Option(
            names = "--columns",
            paramLabel = "A,B",
            defaultValue = "",
            description = "Column names of CSV and TSV files without a header row, for example label,text")
    private String columns;

    @Option(
            names = "--field",
            paramLabel = "ROLE=FIELD",
            description = "Field that holds ROLE, if named differently; roles: text, label, instruction, input,"
                    + " output, messages, prompt, chosen, rejected; repeatable")
    private Map<String, String> fields = Map.of();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum tokens per instruction, classification or preference row [default: 256]")
    private int maxTokens;

    @Option(
            names = "--max-rejected-rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rejected rows before preparation fails; -1: unlimited [default:"
                    + " ${DEFAULT-VALUE}]")
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
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setName(Names.of("datasets", name))
                .setKind(
                        switch (kind) {
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
                .setColumns(columns)
                .setFields(fieldNames())
                .setMaxTokens(maxTokens)
                .setMaximumRefusedRows(maxRejectedRows)
                .setValidateOnly(validateOnly)
                .setRequestId(requestId);
        List<SplitSource> splitSources = splitSources();
        splitSources.forEach(source -> Upload.requireReadable(source.argument().file()));
        for (SplitSource source : splitSources) {
            request.addSources(DatasetSource.newBuilder()
                    .setName(source.argument().name())
                    .setDigest(Uploads.one(clients, source.argument().file(), console)
                            .getDigest())
                    .setWeight(source.argument().weight())
                    .setMaximumEpochs(source.argument().maxEpochs())
                    .setSplit(source.split()));
        }
        Dataset dataset = DataPreparation.prepareDataset(clients, request.build(), console);
        console.printJson(dataset);
        MixtureTable.print(dataset, console);
        return 0;
    }

    /** A source and the split that it belongs to; an empty split if its rows are split. */
    private record SplitSource(SourceArgument argument, String split) {}

    private List<SplitSource> splitSources() {
        List<SplitSource> all = new ArrayList<>();
        sources.forEach(source -> all.add(new SplitSource(source, "")));
        files.forEach(file -> all.add(new SplitSource(named(file), "")));
        validationFiles.forEach(file -> all.add(new SplitSource(named(file), "validation")));
        testFiles.forEach(file -> all.add(new SplitSource(named(file), "test")));
        if (all.isEmpty()) {
            throw usage("missing source: add --source NAME=FILE[:WEIGHT[:EPOCHS]] or --file FILE");
        }
        return all;
    }

    private static SourceArgument named(Path file) {
        return new SourceArgument(file.getFileName().toString(), file, 0, 0);
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

    private FieldNames fieldNames() {
        FieldNames.Builder names = FieldNames.newBuilder();
        fields.forEach((role, field) -> {
            switch (role) {
                case "text" -> names.setText(field);
                case "label" -> names.setLabel(field);
                case "instruction" -> names.setInstruction(field);
                case "input" -> names.setInput(field);
                case "output" -> names.setOutput(field);
                case "messages" -> names.setMessages(field);
                case "prompt" -> names.setPrompt(field);
                case "chosen" -> names.setChosen(field);
                case "rejected" -> names.setRejected(field);
                default ->
                    throw usage("invalid --field role '" + role
                            + "'; valid roles: text, label, instruction, input, output, messages, prompt,"
                            + " chosen, rejected");
            }
        });
        return names.build();
    }
}

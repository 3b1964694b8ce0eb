package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DelimiterConverter;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.operation.DataPreparation;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock tokenizer train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        header = "Train a byte-level BPE tokenizer",
        description =
                "Input formats: .txt, .jsonl, .json, .csv and .tsv, each optionally compressed as .gz or" + " .zst.",
        footer = {
            "",
            "Example:",
            "  rootstock tokenizer train prose --file book.txt --file more.jsonl.gz --vocabulary 8192"
        })
final class TokenizerTrainCommand extends ServiceCommand {
    enum PreTokenizerName {
        GPT2,
        CL100K,
        LLAMA3,
        QWEN2,
        SMOLLM,
        TEKKEN,
        O200K
    }

    @Parameters(paramLabel = "NAME", description = "Tokenizer name: lowercase letters, digits and dashes")
    private String name;

    @Option(names = "--file", required = true, paramLabel = "FILE", description = "Training text; repeatable")
    private List<Path> files;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "4096",
            description =
                    "Vocabulary size, including the 256 bytes and 5 special tokens [default:" + " ${DEFAULT-VALUE}]")
    private int vocabulary;

    @Option(
            names = "--pre-tokenizer",
            paramLabel = "gpt2|cl100k|llama3|qwen2|smollm|tekken|o200k",
            defaultValue = "GPT2",
            description = "Rule that splits text into words before BPE [default: gpt2]")
    private PreTokenizerName preTokenizer;

    @Option(
            names = "--minimum-frequency",
            paramLabel = "N",
            defaultValue = "2",
            description = "Minimum frequency of a merged pair [default: ${DEFAULT-VALUE}]")
    private long minimumFrequency;

    @Option(
            names = "--text-field",
            paramLabel = "FIELD",
            defaultValue = "text",
            description = "Field or column that holds the text of JSON and CSV rows [default: ${DEFAULT-VALUE}]")
    private String textField;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Encoding of the files, for example windows-1252, ISO-8859-1 or UTF-16 [default: UTF-8]")
    private String encoding;

    @Option(
            names = "--columns",
            paramLabel = "A,B",
            defaultValue = "",
            description = "Column names of CSV and TSV files without a header row, for example label,text")
    private String columns;

    @Option(
            names = "--delimiter",
            paramLabel = "CHARACTER",
            converter = DelimiterConverter.class,
            defaultValue = "",
            description = "Character between two values of CSV and TSV files; tab for a tab [default: a comma for"
                    + " .csv, a tab for .tsv]")
    private String delimiter;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "Idempotency key of the request")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        List<Source> sources = Uploads.all(clients, files, console);
        TrainTokenizerRequest request = TrainTokenizerRequest.newBuilder()
                .setName(Names.of("tokenizers", name))
                .addAllSourceDigests(sources.stream().map(Source::getDigest).toList())
                .setVocabularySize(vocabulary)
                .setPreTokenizer(
                        switch (preTokenizer) {
                            case GPT2 -> PreTokenizer.PRE_TOKENIZER_GPT2;
                            case CL100K -> PreTokenizer.PRE_TOKENIZER_CL100K;
                            case LLAMA3 -> PreTokenizer.PRE_TOKENIZER_LLAMA3;
                            case QWEN2 -> PreTokenizer.PRE_TOKENIZER_QWEN2;
                            case SMOLLM -> PreTokenizer.PRE_TOKENIZER_SMOLLM;
                            case TEKKEN -> PreTokenizer.PRE_TOKENIZER_TEKKEN;
                            case O200K -> PreTokenizer.PRE_TOKENIZER_O200K;
                        })
                .setMinimumFrequency(minimumFrequency)
                .setTextField(textField)
                .setEncoding(encoding)
                .setColumns(columns)
                .setDelimiter(delimiter)
                .setRequestId(requestId)
                .build();
        Tokenizer tokenizer = DataPreparation.trainTokenizer(clients, request, console);
        console.printJson(tokenizer);
        console.print("%s  %d tokens, %s, %s bytes per token, sha256 %s"
                .formatted(
                        tokenizer.getName(),
                        tokenizer.getVocabularySize(),
                        Labels.of(tokenizer.getPreTokenizer()),
                        Format.fixed(tokenizer.getBytesPerToken(), 2),
                        Format.digest(tokenizer.getDigest())));
        tokenizer.getWarningsList().forEach(warning -> console.print("warning: " + warning));
        return 0;
    }
}

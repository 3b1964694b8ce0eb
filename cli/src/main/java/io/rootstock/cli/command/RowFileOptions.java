package io.rootstock.cli.command;

import io.rootstock.names.EnumNames;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.RowShape;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Options that describe the rows of files. */
public final class RowFileOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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
            names = "--field",
            paramLabel = "ROLE=FIELD",
            description = "Field that holds ROLE, if named differently; roles: text (pretraining), text, label"
                    + " (classification), instruction, input, output, messages (instruction), prompt, instruction,"
                    + " input, chosen, rejected (preference); repeatable")
    private Map<String, String> fields = Map.of();

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Encoding of the files, for example windows-1252, ISO-8859-1 or UTF-16 [default: UTF-8]")
    private String encoding;

    @Option(
            names = "--shape",
            converter = ShapeConverter.class,
            paramLabel = "text|text-label|alpaca|messages|sharegpt|preference-texts|preference-messages",
            description = "Shape of the rows of .jsonl, .json, .csv and .tsv files; rows of another shape are rejected"
                    + " [default: detected from the first 100 rows of each file]")
    private RowShape shape = RowShape.ROW_SHAPE_UNSPECIFIED;

    /** Shape of the rows; unspecified: detected. */
    public RowShape shape() {
        return shape;
    }

    /** Column names, comma-separated; may be empty. */
    public String columns() {
        return columns;
    }

    /** Delimiter; may be empty. */
    public String delimiter() {
        return delimiter;
    }

    /** Name of the encoding; empty: UTF-8. */
    public String encoding() {
        return encoding;
    }

    /**
     * Encoding of the files.
     *
     * @throws ParameterException if it is unknown
     */
    public Charset charset() {
        try {
            return encoding.isBlank() ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw usage("invalid --encoding '" + encoding + "': use a name such as UTF-8, UTF-16, ISO-8859-1 or"
                    + " windows-1252");
        }
    }

    /**
     * Fields by role.
     *
     * @throws ParameterException if a role is unknown
     */
    public FieldNames fieldNames() {
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

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** Value of {@code --shape}: {@code preference-texts} is ROW_SHAPE_PREFERENCE_TEXTS. */
    private static final class ShapeConverter implements ITypeConverter<RowShape> {
        private static final List<RowShape> OTHERS =
                List.of(RowShape.ROW_SHAPE_UNSPECIFIED, RowShape.ROW_SHAPE_LINE_ALIGNED, RowShape.UNRECOGNIZED);

        @Override
        public RowShape convert(String argument) {
            Optional<RowShape> shape = Arrays.stream(RowShape.values())
                    .filter(each -> !OTHERS.contains(each) && name(each).equals(argument.toLowerCase(Locale.ROOT)))
                    .findFirst();
            return shape.orElseThrow(() -> new TypeConversionException("invalid shape '" + argument + "'"));
        }

        private static String name(RowShape shape) {
            return EnumNames.lowerCase(shape).replace('_', '-');
        }
    }
}

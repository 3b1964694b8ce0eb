package io.rootstock.cli.command.dataset;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A source as typed: {@code NAME=FILE[:WEIGHT[:EPOCHS]]}.
 *
 * @param name name in the mixture table
 * @param file the file
 * @param weight sampling weight; 0: proportional to its tokens
 * @param maximumEpochs most passes over it; 0: no cap
 */
record SourceArgument(String name, Path file, double weight, double maximumEpochs) {
    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
    private static final Pattern FORM = Pattern.compile("([^=]+)=(.+?)(?::" + NUMBER + ")?(?::" + NUMBER + ")?");

    static SourceArgument parse(String typed) {
        Matcher matcher = FORM.matcher(typed);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + typed + "' is not NAME=FILE[:WEIGHT[:EPOCHS]], for example wiki=wiki.jsonl.gz:0.7:2");
        }
        return new SourceArgument(
                matcher.group(1), Path.of(matcher.group(2)), number(matcher.group(3)), number(matcher.group(4)));
    }

    private static double number(String text) {
        return text == null ? 0 : Double.parseDouble(text);
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<SourceArgument> {
        @Override
        public SourceArgument convert(String typed) {
            return parse(typed);
        }
    }
}

package io.rootstock.cli.command.dataset;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Value of {@code --source}: {@code NAME=FILE[:WEIGHT[:EPOCHS]]}.
 *
 * @param name name in the mixture table
 * @param weight sampling weight; 0: proportional to the number of tokens
 * @param maxEpochs maximum epochs over the source; 0: unlimited
 */
record SourceArgument(String name, Path file, double weight, double maxEpochs) {
    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
    private static final Pattern FORM = Pattern.compile("([^=]+)=(.+?)(?::" + NUMBER + ")?(?::" + NUMBER + ")?");

    static SourceArgument parse(String argument) {
        Matcher matcher = FORM.matcher(argument);
        if (!matcher.matches()) {
            throw new TypeConversionException("invalid source '" + argument
                    + "': expected NAME=FILE[:WEIGHT[:EPOCHS]], for example wiki=wiki.jsonl.gz:0.7:2");
        }
        return new SourceArgument(
                matcher.group(1), Path.of(matcher.group(2)), number(matcher.group(3)), number(matcher.group(4)));
    }

    private static double number(String text) {
        return text == null ? 0 : Double.parseDouble(text);
    }

    static final class Converter implements ITypeConverter<SourceArgument> {
        @Override
        public SourceArgument convert(String argument) {
            return parse(argument);
        }
    }
}

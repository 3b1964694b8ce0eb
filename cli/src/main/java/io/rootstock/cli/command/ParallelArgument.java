package io.rootstock.cli.command;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Value of {@code --parallel}: {@code INPUTS,OUTPUTS}, two line-aligned text files.
 *
 * @param inputs file with an input a line
 * @param outputs file with the output of each line
 */
public record ParallelArgument(Path inputs, Path outputs) {
    /** Both file names, the name in the mixture table. */
    public String name() {
        return inputs.getFileName() + "," + outputs.getFileName();
    }

    /** Parses the value. */
    public static final class Converter implements ITypeConverter<ParallelArgument> {
        @Override
        public ParallelArgument convert(String argument) {
            int at = argument.indexOf(',');
            if (at < 1 || at == argument.length() - 1 || argument.indexOf(',', at + 1) >= 0) {
                throw new TypeConversionException("invalid line-aligned files '" + argument
                        + "': expected INPUTS,OUTPUTS, for example en.txt,de.txt");
            }
            return new ParallelArgument(Path.of(argument.substring(0, at)), Path.of(argument.substring(at + 1)));
        }
    }
}

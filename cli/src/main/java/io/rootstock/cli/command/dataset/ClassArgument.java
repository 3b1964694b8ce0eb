package io.rootstock.cli.command.dataset;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Value of {@code --class}: {@code LABEL=PATH}.
 *
 * @param label label of all rows of the file or folder
 */
record ClassArgument(String label, Path path) {

    static final class Converter implements ITypeConverter<ClassArgument> {
        @Override
        public ClassArgument convert(String argument) {
            int at = argument.indexOf('=');
            if (at < 1 || at == argument.length() - 1) {
                throw new TypeConversionException("invalid class '" + argument
                        + "': expected LABEL=PATH, for example spam=spam.txt or spam=mails/spam");
            }
            return new ClassArgument(argument.substring(0, at), Path.of(argument.substring(at + 1)));
        }
    }
}

package io.rootstock.cli.command.model;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Value of {@code --license}: an identifier, as the metadata of Hugging Face's model cards has it. */
final class LicenseConverter implements ITypeConverter<String> {
    @Override
    public String convert(String argument) {
        if (!argument.matches("[A-Za-z0-9.+-]{1,64}")) {
            throw new TypeConversionException(
                    "'" + argument + "' is not an identifier such as apache-2.0, mit, cc-by-4.0 or other");
        }
        return argument;
    }
}
